using EsimFly.Dashboard.Inbox;

namespace EsimFly.Dashboard.Projection;

/// <summary>A delivery with what it says, ready to be folded or quarantined.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Event">What it says; null where that cannot be used.</param>
/// <param name="Reason">Why it cannot be used.</param>
/// <param name="SealedCodes">The codes that the event gave, sealed: one for each of its eSIMs, null for those without.</param>
internal sealed record PreparedDelivery(ClaimedDelivery Delivery, NormalisedEvent? Event, string? Reason, IReadOnlyList<byte[]?> SealedCodes);
