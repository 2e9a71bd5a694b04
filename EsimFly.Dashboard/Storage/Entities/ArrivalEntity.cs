namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>One HTTP request that belongs to a delivery.</summary>
internal sealed class ArrivalEntity
{
    /// <summary>The number of its log entry.</summary>
    public long Id { get; set; }

    /// <summary>The delivery it brought.</summary>
    public long DeliverySeq { get; set; }

    /// <summary>When it came, Unix milliseconds.</summary>
    public long ReceivedAtMs { get; set; }

    /// <summary>The HTTP status that it was answered with; 0 where its sender had gone before the answer.</summary>
    public int Status { get; set; }

    /// <summary>From the request to its answer, in microseconds; measured, not logged, so null for the last ones before a crash.</summary>
    public long? DurationUs { get; set; }

    /// <summary>The sender's address.</summary>
    public string? Address { get; set; }

    /// <summary>The delivery id of this request.</summary>
    public string? DeliveryId { get; set; }
}
