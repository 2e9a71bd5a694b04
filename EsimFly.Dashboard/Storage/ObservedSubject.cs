namespace EsimFly.Dashboard.Storage;

/// <summary>What an observation is about, and the names under which its log entry says what was asked. Stored: never rename.</summary>
internal static class ObservedSubject
{
    /// <summary>In place of a header: what it is about, one of the others here.</summary>
    public const string Key = "observed";

    /// <summary>In place of a header: the request, such as <c>GET /orders</c>.</summary>
    public const string AskedKey = "asked";

    /// <summary>An order.</summary>
    public const string Order = "order";

    /// <summary>An eSIM.</summary>
    public const string Esim = "esim";

    /// <summary>The balance.</summary>
    public const string Balance = "balance";
}
