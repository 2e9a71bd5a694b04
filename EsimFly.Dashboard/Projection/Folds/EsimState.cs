using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Projection.Folds;

/// <summary>The state of an eSIM, folded from its events. Stored with the row, so that a later event can go on from it.</summary>
internal sealed record EsimState
{
    /// <summary>The order that claimed it first.</summary>
    public string? OrderKey { get; init; }

    public PlanStatus PlanStatus { get; init; }

    public string? PlanStatusRaw { get; init; }

    public ProfileStatus ProfileStatus { get; init; }

    public string? ProfileStatusRaw { get; init; }

    public string? PackageCode { get; init; }

    public string? PackageName { get; init; }

    public string? EsimId { get; init; }

    public string? Eid { get; init; }

    public string? Imsi { get; init; }

    public long? ProvisionedAtMs { get; init; }

    public long? InstalledAtMs { get; init; }

    public long? ActivatedAtMs { get; init; }

    public long? ExpiresAtMs { get; init; }

    /// <summary>The text of the last expiry that could not be read; null where a later one could.</summary>
    public string? UnreadExpiry { get; init; }

    /// <summary>The ICCID as it was last sent, where that is not the text by which it is known.</summary>
    public string? SentAs { get; init; }

    public long? ExpiredAtMs { get; init; }

    public decimal? DataUsedGb { get; init; }

    public decimal? DataTotalGb { get; init; }

    public long? UsageAsOfMs { get; init; }

    public long? FirstAtMs { get; init; }

    public long? LastAtMs { get; init; }

    /// <summary>The hash of the event whose activation codes are the latest.</summary>
    public string? CodesFrom { get; init; }

    /// <summary>Whether the plan's state is eSIMfly's API's word, and no event's.</summary>
    public bool IsFromApi { get; init; }

    /// <summary>When eSIMfly's API last answered about it, Unix milliseconds.</summary>
    public long? ObservedAtMs { get; init; }

    public EsimFlags Flags { get; init; }

    /// <summary>The last event that was folded.</summary>
    public FoldKey? Last { get; init; }
}
