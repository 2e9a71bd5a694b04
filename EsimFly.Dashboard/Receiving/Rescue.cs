using System.Text.Json;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Inbox;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Receiving;

/// <summary>Verifies the rejected requests again, by the same verifier and into the same inbox as a request that has just come.</summary>
internal sealed class Rescue(RejectedRing ring, DeliveryInbox inbox, ISigningSecrets secrets, IOptions<WebhookOptions> options) : IRejectedRescue
{
    /// <inheritdoc/>
    public async Task<RescueResult> RescueAsync(CancellationToken cancellationToken)
    {
        var forms = options.Value.FormsToTry();
        var saved = new List<long>();
        var kept = await ring.ReadVerifiableAsync(cancellationToken).ConfigureAwait(false);
        foreach (var request in kept)
        {
            var contract = request.SignatureHeader.Equals(WebhookHeaders.Signature202604, StringComparison.OrdinalIgnoreCase) ? ContractVersion.V2026_04 : ContractVersion.V2025_11;
            var claimed = ClaimedSignature.Read(request.Signature, contract);
            var verdict = SignatureVerifier.Verify(request.Body, claimed, forms.AsSpan(), secrets.Current.AsSpan());
            if (verdict.Check != SignatureCheck.Verified)
            {
                continue;
            }

            var delivery = VerifiedDelivery.Describe(
                contract, verdict, request.Body, request.DeliveryId, EventHeader(request.Headers, contract), request.Headers, request.ReceivedAtMs, request.Address);
            var result = await inbox.AppendAsync(delivery with { RejectedWith = request.Status }, cancellationToken).ConfigureAwait(false);
            if (result.IsKept)
            {
                saved.Add(request.Id);
            }
        }

        await ring.RemoveAsync(saved, cancellationToken).ConfigureAwait(false);
        return new(kept.Count, saved.Count);
    }

    private static string? EventHeader(string headers, ContractVersion contract)
    {
        using var document = JsonDocument.Parse(headers);
        var name = WebhookHeaders.Event(contract);
        return document.RootElement.EnumerateObject()
            .Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value.GetString())
            .FirstOrDefault();
    }
}
