namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What one <c>balance.low</c> reported.</summary>
internal sealed class BalanceReadingEntity
{
    /// <summary>The event.</summary>
    public long DeliverySeq { get; set; }

    /// <summary>True for test data.</summary>
    public bool IsTest { get; set; }

    /// <summary>The event's <see cref="EventEntity.BodyHash"/>: decides between readings of the same instant.</summary>
    public required byte[] BodyHash { get; set; }

    /// <summary>The balance, in the account's currency.</summary>
    public decimal? Balance { get; set; }

    /// <summary>The threshold that it fell below.</summary>
    public decimal? Threshold { get; set; }

    /// <summary>eSIMfly's message.</summary>
    public string? Message { get; set; }

    /// <summary>The event's timestamp, Unix milliseconds; 0 where it has none.</summary>
    public long OccurredAtMs { get; set; }

    /// <summary>Whether eSIMfly's API answered it, and no event reported it.</summary>
    public bool IsObserved { get; set; }

    /// <summary>The currency that the payload named; null where it named none, and the account's counts.</summary>
    public string? Currency { get; set; }
}
