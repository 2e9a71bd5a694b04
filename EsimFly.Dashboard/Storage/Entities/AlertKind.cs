namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What somebody should look at. Stored as numbers: never renumber.</summary>
public enum AlertKind
{
    /// <summary>The balance is below its threshold.</summary>
    LowBalance = 1,

    /// <summary>An order failed and was not overcome.</summary>
    FailedOrder = 2,

    /// <summary>An order was placed and has not ended.</summary>
    StuckOrder = 3,

    /// <summary>A top-up failed, and none of the same eSIM has succeeded since.</summary>
    FailedTopUp = 4,

    /// <summary>Deliveries could not be processed, and are no longer tried.</summary>
    DeadDeliveries = 5,

    /// <summary>Deliveries are signed but cannot be used.</summary>
    QuarantinedDeliveries = 6,

    /// <summary>Many requests to the webhook endpoint did not verify.</summary>
    Rejections = 7,

    /// <summary>Nothing has come for long.</summary>
    Silence = 8,

    /// <summary>There is no signing secret, so that every delivery is turned away.</summary>
    NoSecret = 9,

    /// <summary>The nightly self-check found orders or eSIMs that differ from what their events say.</summary>
    SelfCheckFailed = 10,

    /// <summary>An account has revealed many codes within an hour.</summary>
    ManyReveals = 11,

    /// <summary>Entries of the event log cannot be read.</summary>
    LogDamaged = 12,

    /// <summary>The disk is nearly full, so that every delivery is turned away.</summary>
    DiskLow = 13,
}
