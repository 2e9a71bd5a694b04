using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>Which eSIMs a list shows.</summary>
/// <param name="Search">The first or the last digits of an ICCID.</param>
/// <param name="Plan">Their plan's state.</param>
/// <param name="IsTest">True for test data, false for live data; null for both.</param>
internal sealed record EsimFilter(string? Search, PlanStatus? Plan, bool? IsTest = null)
{
    /// <summary>Those that end from this instant on, Unix milliseconds.</summary>
    public long? ExpiresFromMs { get; init; }

    /// <summary>Those that end before this instant, Unix milliseconds.</summary>
    public long? ExpiresBeforeMs { get; init; }

    /// <summary>Whether those that end next come first.</summary>
    public bool IsByExpiry => ExpiresFromMs is not null || ExpiresBeforeMs is not null;

    /// <summary>Of these alone; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>First seen on these days.</summary>
    public DayRange Days { get; init; }

    /// <summary>Whether the oldest come first; not where they are sorted by their end.</summary>
    public bool IsOldestFirst { get; init; }

    /// <summary>Whether so many fit the search that the eSIMs are walked by time: see <see cref="EsimQueries.PlanAsync"/>.</summary>
    public bool IsWide { get; init; }
}

/// <summary>A place in the list of eSIMs: the key of a row.</summary>
/// <param name="SortAtMs">By which it is sorted, Unix milliseconds.</param>
/// <param name="Iccid">The eSIM.</param>
/// <param name="IsTest">True for test data.</param>
/// <param name="ExpiresAtMs">By which it is sorted where those that end next come first.</param>
internal readonly record struct EsimPosition(long SortAtMs, string Iccid, bool IsTest, long? ExpiresAtMs = null)
{
    /// <summary>Reads it from an address; null for the first page.</summary>
    public static EsimPosition? Read(string? trail) =>
        PageTrail.PartsOf(trail, 4) is [var at, var end, var test, var iccid] && PageTrail.Number(at) is { } sortAtMs
            ? new(sortAtMs, iccid, test is "1", PageTrail.Number(end))
            : null;
}

/// <summary>An eSIM in a list.</summary>
internal sealed record EsimRow(
    bool IsTest,
    string Iccid,
    PlanStatus PlanStatus,
    string? PlanStatusRaw,
    ProfileStatus ProfileStatus,
    string? ProfileStatusRaw,
    long? InstalledAtMs,
    string? PackageName,
    string? PackageCode,
    decimal? DataUsedGb,
    decimal? DataTotalGb,
    long? ExpiresAtMs,
    EsimFlags Flags,
    long SortAtMs,
    long? LastEventAtMs
)
{
    /// <summary>Its place in the list, in an address.</summary>
    public string Place => PageTrail.PlaceOf(SortAtMs, ExpiresAtMs, IsTest, Iccid);

    /// <summary>Its place in the list.</summary>
    public EsimPosition Position => new(SortAtMs, Iccid, IsTest, ExpiresAtMs);

    /// <summary>When something of it last came here, Unix milliseconds, whenever it had happened.</summary>
    public long? ReceivedAtMs { get; init; }

    /// <summary>When eSIMfly's API last answered about it, Unix milliseconds; null for never.</summary>
    public long? ObservedAtMs { get; init; }
}

/// <summary>The order of an eSIM.</summary>
public sealed record EsimOrderRow(string? OrderId, string? OrderReference, OrderStatus Status, string? PackageCode, string? PackageName)
{
    /// <summary>The order's id, or its reference where only that is known.</summary>
    public string Name => OrderId ?? OrderReference ?? "";
}

/// <summary>An eSIM with all that belongs to it.</summary>
public sealed record EsimDetail(EsimEntity Esim, EsimOrderRow? Order, IReadOnlyList<TopUpEntity> TopUps, IReadOnlyList<EventRow> Events)
{
    /// <summary>What was sold: by the eSIM's own events, else by its order's.</summary>
    public string? PackageName => Esim.PackageName ?? Order?.PackageName;

    /// <summary>The order's id and reference, as far as they are known.</summary>
    public IReadOnlyList<string> OrderNames => [.. new[] { Order?.OrderId, Order?.OrderReference }.OfType<string>()];

    /// <summary>Every step of the profile, latest first: switched on, off, deleted, and on which phone.</summary>
    public IReadOnlyList<EventRow> ProfileSteps =>
        [.. Events.Where(row => row.Type is EventType.EsimInstalled or EventType.EsimProfileUpdated)];

    /// <summary>The top-up that moved the expiry to where it is; null where none did.</summary>
    public TopUpEntity? ExpiryMovedBy =>
        TopUps.FirstOrDefault(topUp => topUp is { Succeeded: true, NewExpiryMs: { } expiry } && expiry == Esim.ExpiresAtMs);

    /// <summary>Whether the usage that was last reported is older than a top-up.</summary>
    public bool IsUsageBeforeTopUp => TopUps.Any(topUp => topUp.Succeeded && topUp.OccurredAtMs > Esim.UsageAsOfMs);
}
