using System.Security.Cryptography;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Log;

namespace EsimFly.Dashboard.Intake.Signing;

/// <summary>A verified request as the inbox keeps it, however it came to be verified.</summary>
internal static class VerifiedDelivery
{
    /// <summary>Describes a request whose signature matched.</summary>
    /// <param name="contract">The contract whose headers it has.</param>
    /// <param name="verdict">Which secret and form matched.</param>
    /// <param name="body">The body as received.</param>
    /// <param name="headers">The headers as a JSON object in UTF-8, without credentials.</param>
    /// <param name="receivedAtMs">When it came, Unix milliseconds.</param>
    /// <param name="address">The sender's address.</param>
    public static NewDelivery Describe(
        ContractVersion contract,
        in SignatureVerdict verdict,
        ReadOnlyMemory<byte> body,
        byte[] headers,
        long receivedAtMs,
        string? address
    ) =>
        new()
        {
            IsTest = verdict.Secret!.IsTest,
            BodyHash = SHA256.HashData(verdict.SignedBytes.Span),
            Contract = contract,
            SignedForm = verdict.Form,
            SecretId = verdict.Secret.Id,
            Body = body,
            Headers = headers,
            ReceivedAtMs = receivedAtMs,
            Address = address,
        };
}
