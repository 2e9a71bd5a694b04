namespace EsimFly.Dashboard.Intake.Rejected;

/// <summary>A request that did not become a delivery, ready for the ring.</summary>
/// <param name="ReceivedAtMs">When it came, Unix milliseconds.</param>
/// <param name="Status">What it was answered with; 0 for nothing.</param>
/// <param name="Reason">Why, as a short code.</param>
/// <param name="Address">The sender's address.</param>
/// <param name="DeliveryId">The delivery id that it claimed.</param>
/// <param name="Headers">Its headers as a JSON object, safe to show.</param>
/// <param name="Signature">The signature header as "name: value", or null where it cannot be verified again.</param>
/// <param name="Body">Its body; empty where it was not read whole.</param>
/// <param name="Suppressed">How many like it were not kept before it.</param>
internal sealed record RejectedRequest(
    long ReceivedAtMs,
    int Status,
    string Reason,
    string? Address,
    string? DeliveryId,
    string Headers,
    string? Signature,
    ReadOnlyMemory<byte> Body,
    int Suppressed
)
{
    /// <summary>Whether the test secret signed it, or the Simulator's proof marks it as the Simulator's own.</summary>
    public bool IsTest { get; init; }

    /// <summary>Whether a known secret had signed it.</summary>
    public bool IsSigned { get; init; }
}
