using System.Security.Cryptography;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Inbox;

namespace EsimFly.Dashboard.Receiving;

/// <summary>A verified request as the inbox keeps it, however it came to be verified.</summary>
internal static class VerifiedDelivery
{
    /// <summary>Describes a request whose signature matched.</summary>
    /// <param name="contract">The contract whose headers it bore.</param>
    /// <param name="verdict">Which secret and form matched.</param>
    /// <param name="body">The body as received.</param>
    /// <param name="deliveryId">The id that its headers gave.</param>
    /// <param name="headerEvent">The event that its headers named.</param>
    /// <param name="headers">The headers as a JSON object, safe to show.</param>
    /// <param name="receivedAtMs">When it came, Unix milliseconds.</param>
    /// <param name="address">The sender's address.</param>
    public static NewDelivery Describe(
        ContractVersion contract, in SignatureVerdict verdict, ReadOnlyMemory<byte> body, string? deliveryId, string? headerEvent, string headers, long receivedAtMs, string? address)
    {
        var signed = verdict.SignedBytes.Span;
        var eventName = EnvelopePeek.EventName(signed);
        return new NewDelivery
        {
            IsTest = verdict.Secret!.IsTest,
            BodyHash = SHA256.HashData(signed),
            DeliveryId = deliveryId,
            Contract = contract,
            SignedForm = verdict.Form,
            SecretId = verdict.Secret.Id,
            EventName = eventName,
            Body = body,
            SafeBody = CodeMask.MaskBody(signed),
            Headers = headers,
            ReceivedAtMs = receivedAtMs,
            Address = address,
            HeaderDisagrees = headerEvent is not null && eventName is not null && !string.Equals(headerEvent.Trim(), eventName, StringComparison.Ordinal),
        };
    }
}
