using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Intake.Rejected;

/// <summary>A rejected request as it was kept, ready to be verified again.</summary>
/// <param name="Id">Its number in the ring.</param>
/// <param name="ReceivedAtMs">When it came, Unix milliseconds.</param>
/// <param name="Status">What it was answered with.</param>
/// <param name="Address">The sender's address.</param>
/// <param name="DeliveryId">The delivery id that it claimed.</param>
/// <param name="Headers">Its headers as a JSON object, safe to show.</param>
/// <param name="SignatureHeader">The name of the header that has its signature.</param>
/// <param name="Signature">That header's value.</param>
/// <param name="Body">Its body.</param>
internal sealed record KeptRequest(
    long Id,
    long ReceivedAtMs,
    int Status,
    string? Address,
    string? DeliveryId,
    string Headers,
    string SignatureHeader,
    string Signature,
    ReadOnlyMemory<byte> Body
)
{
    /// <summary>The contract whose header has the signature.</summary>
    public ContractVersion Contract =>
        SignatureHeader.Equals(WebhookHeaders.Signature202604, StringComparison.OrdinalIgnoreCase)
            ? ContractVersion.V2026_04
            : ContractVersion.V2025_11;
}
