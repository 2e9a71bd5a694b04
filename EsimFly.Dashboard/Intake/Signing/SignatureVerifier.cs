using System.Buffers;
using System.Security.Cryptography;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Intake.Signing;

/// <summary>
/// Verifies signatures: HMAC-SHA256 (RFC 2104, FIPS 180-4) over one form of the body, compared in constant time. Pure: what
/// it says depends on its arguments alone.
/// </summary>
internal static class SignatureVerifier
{
    // 2026-04 signs the raw body alone.
    private static ReadOnlySpan<SignedForm> RawBodyOnly => [SignedForm.RawBody];

    /// <summary>Looks for the secret and the form of the body that a signature belongs to.</summary>
    /// <param name="body">The body as received.</param>
    /// <param name="claimed">The signature.</param>
    /// <param name="forms">The forms to try for 2025-11; the raw body is tried first in any case.</param>
    /// <param name="secrets">The secrets to try.</param>
    /// <returns>What it came to and, where it is verified, with which secret, in which form, and the signed bytes.</returns>
    public static SignatureVerdict Verify(
        ReadOnlyMemory<byte> body,
        in ClaimedSignature claimed,
        ReadOnlySpan<SignedForm> forms,
        ReadOnlySpan<SigningSecret> secrets
    )
    {
        if (claimed.Check != SignatureCheck.Verified)
        {
            return new(claimed.Check);
        }

        var signature = claimed.Value;
        if (Match(body.Span, signature, secrets) is { } raw)
        {
            return new(SignatureCheck.Verified, raw, SignedForm.RawBody, body);
        }

        foreach (var form in claimed.Contract == ContractVersion.V2026_04 ? RawBodyOnly : forms)
        {
            if (form == SignedForm.RawBody)
            {
                continue;
            }

            var printed = new ArrayBufferWriter<byte>(Math.Max(body.Length, 16));
            if (SignedBytes.TryWrite(form, body.Span, printed) && Match(printed.WrittenSpan, signature, secrets) is { } secret)
            {
                return new(SignatureCheck.Verified, secret, form, printed.WrittenMemory);
            }
        }

        foreach (var secret in secrets)
        {
            if (!secret.IsTest)
            {
                return new(SignatureCheck.Mismatch);
            }
        }

        return new(SignatureCheck.NoSecret);
    }

    private static SigningSecret? Match(ReadOnlySpan<byte> signedBytes, ReadOnlySpan<byte> signature, ReadOnlySpan<SigningSecret> secrets)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var secret in secrets)
        {
            HMACSHA256.HashData(secret.Key, signedBytes, expected);
            if (CryptographicOperations.FixedTimeEquals(expected, signature))
            {
                return secret;
            }
        }

        return null;
    }
}

/// <summary>What verifying a signature came to.</summary>
/// <param name="Check">The result; all else has a meaning only where it is <see cref="SignatureCheck.Verified"/>.</param>
/// <param name="Secret">The secret that matched.</param>
/// <param name="Form">The form that matched.</param>
/// <param name="SignedBytes">The bytes that are signed: these, not the received ones, are what the sender signed.</param>
internal readonly record struct SignatureVerdict(
    SignatureCheck Check,
    SigningSecret? Secret = null,
    SignedForm Form = default,
    ReadOnlyMemory<byte> SignedBytes = default
);
