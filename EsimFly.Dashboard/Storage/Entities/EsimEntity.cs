using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>An eSIM, folded from its events. The plan's state and the profile's move independently.</summary>
public sealed class EsimEntity : IHasEnvironment
{
    /// <summary>True for test data.</summary>
    public bool IsTest { get; set; }

    /// <summary>Its ICCID: 19 or 20 digits as a rule, as text.</summary>
    public required string Iccid { get; set; }

    /// <summary>The ICCID's digits backwards, for search by the last ones.</summary>
    public required string IccidReversed { get; set; }

    /// <summary>The order that first claimed it: see <see cref="OrderEntity.OrderKey"/>.</summary>
    public string? OrderKey { get; set; }

    /// <summary>The data plan's state.</summary>
    public PlanStatus PlanStatus { get; set; }

    /// <summary>eSIMfly's own word for the plan's state.</summary>
    public string? PlanStatusRaw { get; set; }

    /// <summary>The profile's state on the device.</summary>
    public ProfileStatus ProfileStatus { get; set; }

    /// <summary>The network's own word for the profile's state.</summary>
    public string? ProfileStatusRaw { get; set; }

    /// <summary>The package's code.</summary>
    public string? PackageCode { get; set; }

    /// <summary>The package's name.</summary>
    public string? PackageName { get; set; }

    /// <summary>eSIMfly's own number of it.</summary>
    public string? EsimId { get; set; }

    /// <summary>The device's eUICC id, 32 digits.</summary>
    public string? Eid { get; set; }

    /// <summary>The subscriber identity.</summary>
    public string? Imsi { get; set; }

    /// <summary>Leaves of what identifies a person what viewers see.</summary>
    internal void ShortenIdentities() =>
        (Eid, Imsi, EidReversed, ImsiReversed) = (Identity.Shorten(Eid), Identity.Shorten(Imsi), null, null);

    /// <summary><see cref="Eid"/>'s digits backwards, for search by the last ones.</summary>
    public string? EidReversed { get; set; }

    /// <summary><see cref="Imsi"/>'s digits backwards, for search by the last ones.</summary>
    public string? ImsiReversed { get; set; }

    /// <summary>When it was made, Unix milliseconds.</summary>
    public long? ProvisionedAtMs { get; set; }

    /// <summary>When its profile was downloaded to a device, Unix milliseconds.</summary>
    public long? InstalledAtMs { get; set; }

    /// <summary>When its first data session began, Unix milliseconds.</summary>
    public long? ActivatedAtMs { get; set; }

    /// <summary>When its plan will end or should have ended, top-ups counted, Unix milliseconds.</summary>
    public long? ExpiresAtMs { get; set; }

    /// <summary>The text of the last expiry that could not be read; null where a later one could.</summary>
    public string? UnreadExpiry { get; set; }

    /// <summary>The ICCID as it was last sent, where that is not the text by which it is known.</summary>
    public string? SentAs { get; set; }

    /// <summary>When its plan was reported to have ended, Unix milliseconds.</summary>
    public long? ExpiredAtMs { get; set; }

    /// <summary>Data used, in GB.</summary>
    public decimal? DataUsedGb { get; set; }

    /// <summary>Data in the plan, in GB.</summary>
    public decimal? DataTotalGb { get; set; }

    /// <summary>When the data sizes were reported, Unix milliseconds.</summary>
    public long? UsageAsOfMs { get; set; }

    /// <summary>The timestamp of its first event, Unix milliseconds, 0 where none has one: the order of lists.</summary>
    public long SortAtMs { get; set; }

    /// <summary>The timestamp of its last event, Unix milliseconds.</summary>
    public long? LastEventAtMs { get; set; }

    /// <summary>When eSIMfly's API last answered about it, Unix milliseconds; null for never.</summary>
    public long? ObservedAtMs { get; set; }

    /// <summary>What is odd about it.</summary>
    public EsimFlags Flags { get; set; }

    /// <summary>The delivery that gave its latest activation codes, by the hash of its signed bytes; null where none did.</summary>
    public byte[]? CodesFrom { get; set; }

    /// <summary>The fold's whole state as JSON, from which a later event goes on.</summary>
    public required string FoldState { get; set; }
}
