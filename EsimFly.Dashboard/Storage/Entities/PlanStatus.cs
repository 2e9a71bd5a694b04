namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>The state of an eSIM's data plan. Stored as numbers: never renumber.</summary>
public enum PlanStatus
{
    /// <summary>Never reported, or reported in a word that no contract knows.</summary>
    Unknown = 0,

    /// <summary>Not yet used.</summary>
    New = 1,

    /// <summary>In use.</summary>
    Active = 2,

    /// <summary>All data used.</summary>
    Depleted = 3,

    /// <summary>Its validity has ended.</summary>
    Expired = 4,

    /// <summary>Cancelled.</summary>
    Cancelled = 5,
}
