namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>A top-up that succeeded or failed: one an event.</summary>
public sealed class TopUpEntity : IHasEnvironment
{
    /// <summary>The event.</summary>
    public long DeliverySeq { get; set; }

    /// <summary>True for test data.</summary>
    public bool IsTest { get; set; }

    /// <summary>The eSIM.</summary>
    public required string Iccid { get; set; }

    /// <summary>Whether data was added.</summary>
    public bool Succeeded { get; set; }

    /// <summary>The package's code.</summary>
    public string? PackageCode { get; set; }

    /// <summary>The package's name.</summary>
    public string? PackageName { get; set; }

    /// <summary>What it cost, in the account's currency.</summary>
    public decimal? Amount { get; set; }

    /// <summary>The plan's new end, Unix milliseconds.</summary>
    public long? NewExpiryMs { get; set; }

    /// <summary>Why it failed.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>Why it failed, in eSIMfly's words.</summary>
    public string? ErrorMessage { get; set; }

    /// <summary>The event's timestamp, Unix milliseconds.</summary>
    public long? OccurredAtMs { get; set; }

    /// <summary>The same for lists, whose last are those without a date: 0 for them.</summary>
    public long SortAtMs { get; set; }

    /// <summary>The currency that the payload named; null where it named none, and the account's counts.</summary>
    public string? Currency { get; set; }
}
