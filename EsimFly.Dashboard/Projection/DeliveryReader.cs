using System.Buffers;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Inbox;
using EsimFly.Dashboard.Storage.Sealing;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Projection;

/// <summary>Opens a kept delivery and reads what it says, outside of any transaction.</summary>
internal sealed class DeliveryReader(Sealer sealer, IOptions<AccountOptions> account)
{
    private readonly EventNormaliser normaliser = new(account.Value.DataUnit);

    /// <summary>Reads a delivery.</summary>
    public PreparedDelivery Read(ClaimedDelivery delivery)
    {
        // What the sender vouches for is the form that it signed, not the bytes around it.
        var body = sealer.Open(delivery.SealedBody, SealPurpose.Body);
        var signed = new ArrayBufferWriter<byte>(Math.Max(body.Length, 16));
        if (!SignedBytes.TryWrite(delivery.SignedForm, body, signed))
        {
            return new(delivery, null, "The body cannot be read in the form that was signed.", []);
        }

        var (normalised, reason) = normaliser.Normalise(signed.WrittenSpan, delivery.SafeBody);
        byte[]?[] codes = normalised is null ? [] : [.. normalised.Esims.Select(esim => esim.Codes is null ? null : sealer.Seal(esim.Codes.ToJson(), SealPurpose.Codes))];
        return new(delivery, normalised, reason, codes);
    }
}
