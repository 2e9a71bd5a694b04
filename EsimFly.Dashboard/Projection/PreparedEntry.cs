using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Projection;

/// <summary>A log entry with what it reports, ready to be folded or quarantined.</summary>
/// <param name="Record">The entry.</param>
/// <param name="DeliveryId">The id that its headers gave.</param>
/// <param name="EventName">The body's own event name; null where it has none.</param>
/// <param name="BodyBytes">The body's length in bytes.</param>
/// <param name="Flags">What headers and body show to be odd.</param>
/// <param name="Event">What it reports; null where that cannot be used.</param>
/// <param name="Reason">Why it cannot be used.</param>
internal sealed record PreparedEntry(
    LogRecord Record,
    string? DeliveryId,
    string? EventName,
    int BodyBytes,
    DeliveryFlags Flags,
    ParsedEvent? Event,
    string? Reason
)
{
    /// <summary>Whether it was answered by eSIMfly's API, and is no delivery.</summary>
    public bool IsObservation { get; init; }

    /// <summary>Whether something was taken out of it as it was read: the log still has it.</summary>
    public bool IsStripped { get; init; }

    /// <summary>Whether something that it was about was erased.</summary>
    public bool IsErased => Flags.HasFlag(DeliveryFlags.Erased);

    /// <summary>The outcome of its processing: what was erased and reports nothing any more is no fault.</summary>
    public DeliveryState State => Event is null && !IsErased ? DeliveryState.Quarantined : DeliveryState.Processed;
}
