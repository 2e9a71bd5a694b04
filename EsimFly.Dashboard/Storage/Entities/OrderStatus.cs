namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>An order's state. Stored as numbers: never renumber.</summary>
public enum OrderStatus
{
    /// <summary>Placed, not ended.</summary>
    Processing = 0,

    /// <summary>Its eSIMs are ready; final.</summary>
    Completed = 1,

    /// <summary>Payment or provisioning failed; another try may complete it.</summary>
    Failed = 2,

    /// <summary>Cancelled at eSIMfly, and refunded. No event reports it; eSIMfly's API does.</summary>
    Cancelled = 3,
}
