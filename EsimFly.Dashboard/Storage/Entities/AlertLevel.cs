namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>How pressing an alert is. Stored as numbers: never renumber.</summary>
public enum AlertLevel
{
    /// <summary>Have an eye on it.</summary>
    Warning = 1,

    /// <summary>Do something about it.</summary>
    Error = 2,
}
