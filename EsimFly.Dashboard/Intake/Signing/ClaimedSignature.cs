using System.Runtime.CompilerServices;
using EsimFly.Dashboard.Contract;
using Microsoft.Extensions.Primitives;

namespace EsimFly.Dashboard.Intake.Signing;

/// <summary>The signature that a request claims, as its headers give it.</summary>
/// <param name="Check"><see cref="SignatureCheck.Verified"/> stands here for "well formed": nothing is verified yet.</param>
/// <param name="Contract">The contract whose header has it.</param>
/// <param name="Value">The 32 bytes.</param>
internal readonly record struct ClaimedSignature(SignatureCheck Check, ContractVersion Contract, SignatureBytes Value)
{
    private const string Prefix = "sha256=";

    /// <summary>Reads the signature from the headers of whichever contract they are of.</summary>
    public static ClaimedSignature Read(IHeaderDictionary headers)
    {
        var older = headers[WebhookHeaders.Signature202511];
        var newer = headers[WebhookHeaders.Signature202604];
        return (older.Count > 0, newer.Count > 0) switch
        {
            (false, false) => new(SignatureCheck.Missing, default, default),
            (true, true) => new(SignatureCheck.BothContracts, default, default),
            (true, false) => Read(older, ContractVersion.V2025_11),
            (false, true) => Read(newer, ContractVersion.V2026_04),
        };
    }

    /// <summary>Reads a signature: 64 hexadecimal digits in either case, <c>sha256=</c> in front or not.</summary>
    public static ClaimedSignature Read(StringValues values, ContractVersion contract)
    {
        // A header that stands in two lines may reach us joined into one (RFC 9110, 5.3).
        if (values.Count != 1 || values[0]!.Contains(',', StringComparison.Ordinal))
        {
            return new(SignatureCheck.GivenTwice, contract, default);
        }

        var text = values[0].AsSpan().Trim();
        if (text.IsEmpty)
        {
            return new(SignatureCheck.Missing, contract, default);
        }

        if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            text = text[Prefix.Length..];
        }

        var value = default(SignatureBytes);
        var isWhole =
            text.Length == SignatureBytes.Length * 2
            && Convert.FromHexString(text, value, out _, out _) == System.Buffers.OperationStatus.Done;
        return isWhole ? new(SignatureCheck.Verified, contract, value) : new(SignatureCheck.Malformed, contract, default);
    }
}

/// <summary>The 32 bytes of an HMAC-SHA256.</summary>
[InlineArray(Length)]
internal struct SignatureBytes
{
    public const int Length = 32;

    private byte first;
}
