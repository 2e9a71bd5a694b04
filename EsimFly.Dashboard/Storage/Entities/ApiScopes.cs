namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What an API token is good for. Stored as numbers: never renumber.</summary>
[Flags]
public enum ApiScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The read API under <c>/api/v1</c>.</summary>
    Read = 1,

    /// <summary>The live changes at <c>/hubs/live</c>.</summary>
    Live = 2,

    /// <summary>Everything there is to read; what a token made before there were scopes has.</summary>
    All = Read | Live,

    /// <summary>Telling whose an order is: <c>PUT /api/v1/orders/{reference}/customer</c>.</summary>
    Write = 4,
}
