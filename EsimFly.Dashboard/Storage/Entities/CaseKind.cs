namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What a case can be about. Stored as numbers: never renumber.</summary>
public enum CaseKind
{
    /// <summary>An order.</summary>
    Order = 1,

    /// <summary>An eSIM.</summary>
    Esim = 2,

    /// <summary>An incident: alerts with one cause.</summary>
    Incident = 3,
}
