using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>Which deliveries a list shows.</summary>
/// <param name="Search">
/// What staff have: an order's id or reference or the beginning of one, the first or last digits of an ICCID, the beginning of a delivery
/// id, or an event name.
/// </param>
/// <param name="State">Where their processing stands.</param>
/// <param name="EventName">Their event's name.</param>
/// <param name="IsTest">True for test data, false for live data; null for both.</param>
internal sealed record DeliveryFilter(string? Search, DeliveryState? State, string? EventName = null, bool? IsTest = null)
{
    /// <summary>Whether the oldest come first.</summary>
    public bool IsOldestFirst { get; init; }

    /// <summary>Received on these days.</summary>
    public DayRange Days { get; init; }

    /// <summary>
    /// Whether they are sorted by when they were received, not by number: the same, but for those that were verified later; so days are
    /// found by their index.
    /// </summary>
    public bool IsByTime => Days.IsSet && State is null && string.IsNullOrEmpty(EventName) && string.IsNullOrWhiteSpace(Search);

    /// <summary>Those that the search was found to mean: see <see cref="DeliverySearch"/>; null where it is to be looked for.</summary>
    public IReadOnlyList<long>? Among { get; init; }
}

/// <summary>A place in the list of deliveries: the key of a row.</summary>
public readonly record struct DeliveryPosition(long Seq, long ReceivedAtMs)
{
    /// <summary>Reads it from an address; null for the first page.</summary>
    public static DeliveryPosition? Read(string? trail) =>
        PageTrail.PartsOf(trail, 2) is [var first, var second]
        && PageTrail.Number(first) is { } seq
        && PageTrail.Number(second) is { } receivedAtMs
            ? new(seq, receivedAtMs)
            : null;
}

/// <summary>A delivery in a list.</summary>
public sealed record DeliveryRow(
    long Seq,
    bool IsTest,
    string? DeliveryId,
    string? EventName,
    ContractVersion Contract,
    SignedForm SignedForm,
    DeliveryState State,
    int Arrivals,
    DeliveryFlags Flags,
    string? Error,
    long ReceivedAtMs,
    long? ProcessedAtMs
)
{
    /// <summary>Its place in the list, in an address.</summary>
    public string Place => PageTrail.PlaceOf(Seq, ReceivedAtMs);

    /// <summary>Its place in the list.</summary>
    public DeliveryPosition Position => new(Seq, ReceivedAtMs);

    /// <summary>The HTTP status that its last arrival was answered with.</summary>
    public int? Answer { get; init; }

    /// <summary>How long that took, in microseconds.</summary>
    public long? AnswerUs { get; init; }

    /// <summary>When it last came, Unix milliseconds.</summary>
    public long? LastArrivalAtMs { get; init; }

    /// <summary>The order that it is about, by id or else by reference.</summary>
    public string? OrderName { get; init; }

    /// <summary>The eSIM that it is about, the first of several.</summary>
    public string? Iccid { get; init; }
}

/// <summary>A delivery as its page shows it.</summary>
public sealed record DeliveryFacts(
    long Seq,
    bool IsTest,
    string? DeliveryId,
    string? EventName,
    ContractVersion Contract,
    SignedForm SignedForm,
    int SecretId,
    DeliveryState State,
    int Tries,
    int Arrivals,
    DeliveryFlags Flags,
    string? Error,
    long ReceivedAtMs,
    long? ProcessedAtMs,
    int BodyBytes,
    string? SafeBody,
    string Headers,
    bool IsBodyKept
)
{
    /// <summary>The same as a list has it.</summary>
    public DeliveryRow ToRow() =>
        new(Seq, IsTest, DeliveryId, EventName, Contract, SignedForm, State, Arrivals, Flags, Error, ReceivedAtMs, ProcessedAtMs);
}

/// <summary>A request that brought a delivery.</summary>
public sealed record ArrivalRow(long Id, long ReceivedAtMs, int Status, long? DurationUs, string? Address, string? DeliveryId);

/// <summary>A delivery with all that belongs to it.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Arrivals">The requests that brought it, latest first.</param>
/// <param name="Event">What it reported; null where nothing was folded.</param>
/// <param name="Previous">The number of the one before it.</param>
/// <param name="Next">The number of the one after it.</param>
public sealed record DeliveryDetail(DeliveryFacts Delivery, IReadOnlyList<ArrivalRow> Arrivals, EventRow? Event, long? Previous, long? Next)
{
    /// <summary>What people call the secret that matched; null where it came from the environment or is gone.</summary>
    public string? SecretLabel { get; init; }

    /// <summary>The tries to process it that failed, oldest first.</summary>
    public IReadOnlyList<FailedTryEntity> FailedTries { get; init; } = [];

    /// <summary>The eSIMs that it speaks of.</summary>
    public IReadOnlyList<string> Iccids { get; init; } = [];

    /// <summary>What else was reported of the same order or eSIMs, latest first.</summary>
    public IReadOnlyList<EventRow> Related { get; init; } = [];
}
