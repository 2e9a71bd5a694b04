namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What is odd about an eSIM. Stored as numbers: never renumber.</summary>
[Flags]
public enum EsimFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>No order is known to have brought it.</summary>
    Stub = 1,

    /// <summary>More than one order claims it; the first keeps it.</summary>
    ClaimedTwice = 2,

    /// <summary>Its plan went back to an earlier state without a top-up.</summary>
    PlanWentBack = 4,

    /// <summary>It was reported as expired before the date that it was to expire on.</summary>
    ExpiredEarly = 8,

    /// <summary>A status was reported in a word that no contract knows; it is shown unchanged.</summary>
    UnknownStatus = 16,

    /// <summary>Its ICCID is not 19 or 20 digits or fails its check digit.</summary>
    OddIccid = 32,

    /// <summary>Its profile came back after it had been deleted from the device.</summary>
    ProfileCameBack = 64,

    /// <summary>Its last expiry was reported in a text that cannot be read; the date shown is an earlier one.</summary>
    UnreadExpiry = 128,

    /// <summary>Its plan is to end before it began.</summary>
    ExpiresBeforeActivation = 256,

    /// <summary>Its plan's state rests on eSIMfly's API alone: no event reported it.</summary>
    FromApi = 512,
}
