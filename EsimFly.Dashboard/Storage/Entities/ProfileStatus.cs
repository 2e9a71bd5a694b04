namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>The state of an eSIM's profile on the device. Stored as numbers: never renumber.</summary>
public enum ProfileStatus
{
    /// <summary>Never reported, or reported in a word that no contract knows.</summary>
    Unknown = 0,

    /// <summary>On no device.</summary>
    NotInstalled = 1,

    /// <summary>Being downloaded, or downloaded and not yet reported as switched on.</summary>
    Downloading = 2,

    /// <summary>Switched on.</summary>
    Enabled = 3,

    /// <summary>Switched off by the customer.</summary>
    Disabled = 4,

    /// <summary>Deleted from the device.</summary>
    Deleted = 5,
}
