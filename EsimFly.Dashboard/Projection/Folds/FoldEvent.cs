using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Projection.Folds;

/// <summary>An event as the folds see it.</summary>
/// <param name="Key">Its place in the order of events.</param>
/// <param name="AtMs">Its timestamp, Unix milliseconds; null where it has none.</param>
/// <param name="Type">What it says.</param>
/// <param name="OrderId">eSIMfly's order id.</param>
/// <param name="OrderReference">The order's reference.</param>
/// <param name="OrderKey">The order that it belongs to.</param>
/// <param name="Iccids">The eSIMs that it speaks of.</param>
/// <param name="HasCodes">Whether it gave activation codes for the eSIM that is being folded.</param>
/// <param name="Facts">All else that it says.</param>
internal sealed record FoldEvent(
    FoldKey Key,
    long? AtMs,
    EventType Type,
    string? OrderId,
    string? OrderReference,
    string? OrderKey,
    IReadOnlyList<string> Iccids,
    bool HasCodes,
    EventFacts Facts
);
