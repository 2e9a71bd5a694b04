using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>Which orders a list shows.</summary>
/// <param name="Search">The beginning of an id or reference.</param>
/// <param name="Status">Their state.</param>
/// <param name="IsTest">True for test data, false for live data; null for both.</param>
internal sealed record OrderFilter(string? Search, OrderStatus? Status, bool? IsTest = null)
{
    /// <summary>Of failed ones: whether another try may help.</summary>
    public bool? CanRetry { get; init; }

    /// <summary>Of failed ones: why.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Of failed ones: what was ordered, by its name or, without one, its code.</summary>
    public string? FailedPackage { get; init; }

    /// <summary>What was ordered, by its name.</summary>
    public string? PackageName { get; init; }

    /// <summary>Not ended, and waiting since this or longer, Unix milliseconds: see <see cref="OrderWaiting"/>.</summary>
    public long? WaitingSinceMs { get; init; }

    /// <summary>Failed no earlier than this, Unix milliseconds.</summary>
    public long? FailedSinceMs { get; init; }

    /// <summary>Whether the oldest come first.</summary>
    public bool IsOldestFirst { get; init; }

    /// <summary>Of these alone, by key; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Placed on these days.</summary>
    public DayRange Days { get; init; }

    /// <summary>
    /// The normalised ids of orders that fit the search by a further reference or by the end of an id: see
    /// <see cref="OrderQueries.PlanAsync"/>.
    /// </summary>
    public IReadOnlyList<string> ByOtherReference { get; init; } = [];

    /// <summary>Whether so many fit the search that the orders are walked by time: see <see cref="OrderQueries.PlanAsync"/>.</summary>
    public bool IsWide { get; init; }
}

/// <summary>What failed orders differ by.</summary>
internal sealed record FailureChoices(IReadOnlyList<string> ErrorCodes, IReadOnlyList<string> PackageNames);

/// <summary>A place in the list of orders: the key of a row.</summary>
internal readonly record struct OrderPosition(long SortAtMs, string OrderKey, bool IsTest)
{
    /// <summary>Reads it from an address; null for the first page.</summary>
    public static OrderPosition? Read(string? trail) =>
        PageTrail.PartsOf(trail, 3) is [var at, var test, var key] && PageTrail.Number(at) is { } sortAtMs
            ? new(sortAtMs, key, test is "1")
            : null;
}

/// <summary>An order in a list.</summary>
internal sealed record OrderRow(
    bool IsTest,
    string OrderKey,
    string? OrderId,
    string? OrderReference,
    OrderStatus Status,
    string? PackageCode,
    string? PackageName,
    int? Quantity,
    decimal? Amount,
    string? ErrorCode,
    bool? CanRetry,
    int EsimCount,
    OrderFlags Flags,
    long SortAtMs,
    long? LastEventAtMs
)
{
    /// <summary>When something of it last came here, Unix milliseconds, whenever it had happened.</summary>
    public long? ReceivedAtMs { get; init; }

    /// <summary>When eSIMfly's API last answered about it, Unix milliseconds; null for never.</summary>
    public long? ObservedAtMs { get; init; }

    /// <summary>The currency that the payload named; null for the account's.</summary>
    public string? Currency { get; init; }

    /// <summary>Its place in the list, in an address.</summary>
    public string Place => PageTrail.PlaceOf(SortAtMs, IsTest, OrderKey);

    /// <summary>Its place in the list.</summary>
    public OrderPosition Position => new(SortAtMs, OrderKey, IsTest);

    /// <summary>The order's id, or its reference where only that is known.</summary>
    public string Name => OrderId ?? OrderReference ?? "";

    /// <summary>Since when it waits for its end: see <see cref="OrderWaiting"/>.</summary>
    public long? WaitingSinceMs => OrderWaiting.SinceMs(Status, Flags, SortAtMs, LastEventAtMs);
}

/// <summary>An eSIM of an order.</summary>
public sealed record OrderEsimRow(
    string Iccid,
    PlanStatus PlanStatus,
    string? PlanStatusRaw,
    ProfileStatus ProfileStatus,
    string? ProfileStatusRaw,
    long? InstalledAtMs,
    long? ExpiresAtMs,
    string? PackageName,
    bool HasCode
);

/// <summary>An order with all that belongs to it.</summary>
public sealed record OrderDetail(
    OrderEntity Order,
    IReadOnlyList<OrderEsimRow> Esims,
    IReadOnlyList<EventRow> Events,
    Thresholds Thresholds
);
