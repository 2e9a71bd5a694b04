namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>A try to process a delivery that failed. One that succeeds leaves no row: the delivery itself says so.</summary>
public sealed class FailedTryEntity
{
    /// <summary>A sequence number.</summary>
    public long Id { get; set; }

    /// <summary>The delivery.</summary>
    public long DeliverySeq { get; set; }

    /// <summary>When it failed, Unix milliseconds.</summary>
    public long AtMs { get; set; }

    /// <summary>Why, in plain words.</summary>
    public required string Error { get; set; }

    /// <summary>When it is tried again, Unix milliseconds; null where it is not.</summary>
    public long? NextTryAtMs { get; set; }
}
