using System.Text;
using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Signing;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Intake.Rejected;

/// <summary>
/// Verifies the rejected requests again, after a secret was added or a form switched on, by the same verifier and into the same log as a
/// request that has just come: those that pass become deliveries without waiting for a retry.
/// </summary>
internal sealed class Rescue(RejectedRing ring, DeliveryLog log, SigningSecrets secrets, IOptions<WebhooksOptions> options)
{
    /// <summary>Verifies all that are kept and can be verified.</summary>
    public async Task<RescueResult> RescueAsync(CancellationToken cancellationToken)
    {
        var saved = new List<long>();
        var kept = await ring.ReadVerifiableAsync(cancellationToken);
        foreach (var request in kept)
        {
            if (await KeepAsync(request, cancellationToken) is not null)
            {
                saved.Add(request.Id);
            }
        }

        await ring.RemoveAsync(saved, cancellationToken);
        return new(kept.Count, saved.Count);
    }

    /// <summary>Verifies one.</summary>
    /// <returns>The number of the delivery that it became, or is an arrival of; null where it does not verify.</returns>
    public async Task<long?> RescueAsync(long id, CancellationToken cancellationToken)
    {
        if (
            await ring.FindVerifiableAsync(id, cancellationToken) is not { } request
            || await KeepAsync(request, cancellationToken) is not { } seq
        )
        {
            return null;
        }

        await ring.RemoveAsync([id], cancellationToken);
        return seq;
    }

    private async Task<long?> KeepAsync(KeptRequest request, CancellationToken cancellationToken)
    {
        var claimed = ClaimedSignature.Read(request.Signature, request.Contract);
        var verdict = SignatureVerifier.Verify(request.Body, claimed, options.Value.FormsToTry().AsSpan(), secrets.Current.AsSpan());
        if (verdict.Check != SignatureCheck.Verified)
        {
            return null;
        }

        var delivery = VerifiedDelivery.Describe(
            request.Contract,
            verdict,
            request.Body,
            Encoding.UTF8.GetBytes(request.Headers),
            request.ReceivedAtMs,
            request.Address
        );
        var result = await log.AppendAsync(delivery with { RejectedWith = request.Status }, cancellationToken);
        return result.IsKept ? result.Seq : null;
    }
}
