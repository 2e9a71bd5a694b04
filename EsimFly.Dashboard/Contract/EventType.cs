namespace EsimFly.Dashboard.Contract;

/// <summary>
/// What an event says, in one vocabulary for both contracts. Stored as numbers: never renumber.
/// The order of the members means nothing; <see cref="EventTypes.CausalRank"/> does.
/// </summary>
public enum EventType
{
    /// <summary><c>order.created</c>: an order was placed and is being processed.</summary>
    OrderCreated = 1,

    /// <summary><c>order.completed</c>: the order's eSIMs are ready.</summary>
    OrderCompleted = 2,

    /// <summary><c>order.failed</c>: payment or provisioning failed.</summary>
    OrderFailed = 3,

    /// <summary><c>esim.activated</c>: the first data session began.</summary>
    EsimActivated = 4,

    /// <summary><c>esim.expired</c>: the plan's validity ended.</summary>
    EsimExpired = 5,

    /// <summary><c>balance.low</c>: the account's balance is below its threshold.</summary>
    BalanceLow = 6,

    /// <summary><c>topup.completed</c>: data was added to an eSIM.</summary>
    TopUpCompleted = 7,

    /// <summary><c>topup.failed</c>: data could not be added.</summary>
    TopUpFailed = 8,

    /// <summary><c>esim.provisioned</c>: an eSIM was made for an order.</summary>
    EsimProvisioned = 9,

    /// <summary><c>esim.installed</c>: the profile was downloaded to a device.</summary>
    EsimInstalled = 10,

    /// <summary><c>esim.profile.updated</c>: the profile was switched on or off, or deleted.</summary>
    EsimProfileUpdated = 11,

    /// <summary><c>esim.status.changed</c>: the plan's status changed; up to 30 minutes late.</summary>
    EsimStatusChanged = 12,

    /// <summary><c>esim.usage.threshold</c>: little data is left (500, 200, 100 or 50 MB).</summary>
    EsimUsageThreshold = 13,

    /// <summary>An order as eSIMfly's API answered when it was asked.</summary>
    OrderObserved = 14,

    /// <summary>An eSIM as eSIMfly's API answered when it was asked.</summary>
    EsimObserved = 15,

    /// <summary>The balance as eSIMfly's API answered when it was asked.</summary>
    BalanceObserved = 16,
}
