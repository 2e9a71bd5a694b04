using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Signing;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Intake.Rejected;

/// <summary>
/// Tries a rejected request's signature against what set-ups get wrong: a form that is switched off, a secret that has ended or
/// is test data, white space that something on the way added or took, a secret that is signed with in another way.
/// It only tells; what lets a request in is the verifier alone.
/// </summary>
internal sealed class Diagnosis(RejectedRing ring, SigningSecrets secrets, IOptions<WebhooksOptions> options, TimeProvider time)
{
    private const string Prefix = "whsec_";

    /// <summary>Looks for what would have made a rejected request's signature match.</summary>
    /// <param name="id">The request's number in the ring.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What matches; empty where nothing does; null where the request had nothing that could be verified, or is gone.</returns>
    public async Task<IReadOnlyList<SignatureMatch>?> DiagnoseAsync(long id, CancellationToken cancellationToken)
    {
        if (await ring.FindVerifiableAsync(id, cancellationToken) is not { } request)
        {
            return null;
        }

        var claimed = ClaimedSignature.Read(request.Signature, request.Contract);
        return claimed.Check == SignatureCheck.Verified ? Find(request, claimed) : null;
    }

    private List<SignatureMatch> Find(KeptRequest request, in ClaimedSignature claimed)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var signature = claimed.Value;
        var tried = options.Value.FormsToTry();
        var matches = new List<SignatureMatch>();
        foreach (var (variant, body) in BodiesOf(request.Body))
        {
            foreach (var form in Enum.GetValues<SignedForm>())
            {
                // The printed forms do not depend on the white space around.
                if (form != SignedForm.RawBody && variant != BodyVariant.AsReceived)
                {
                    continue;
                }

                var signed = new ArrayBufferWriter<byte>(Math.Max(body.Length, 16));
                if (!SignedBytes.TryWrite(form, body.Span, signed))
                {
                    continue;
                }

                foreach (var secret in secrets.Known)
                {
                    foreach (var (keyVariant, key) in KeysOf(secret))
                    {
                        if (CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, signed.WrittenSpan), signature))
                        {
                            var isTried =
                                form == SignedForm.RawBody || (request.Contract == ContractVersion.V2025_11 && tried.Contains(form));
                            matches.Add(
                                new(
                                    secret.Label,
                                    secret.IsTest,
                                    secret.ExpiresAtMs <= nowMs ? secret.ExpiresAtMs : null,
                                    form,
                                    isTried,
                                    request.Contract,
                                    variant,
                                    keyVariant
                                )
                            );
                        }
                    }
                }
            }
        }

        return [.. matches.OrderByDescending(match => match.Verifies)];
    }

    private static IEnumerable<(BodyVariant Variant, ReadOnlyMemory<byte> Body)> BodiesOf(ReadOnlyMemory<byte> body)
    {
        yield return (BodyVariant.AsReceived, body);
        var trimmed = body[..(body.Span.LastIndexOfAnyExcept(" \t\r\n"u8) + 1)];
        if (trimmed.Length < body.Length)
        {
            yield return (BodyVariant.WithoutTrailingSpace, trimmed);
        }

        byte[] ended = [.. trimmed.Span, (byte)'\n'];
        if (!body.Span.SequenceEqual(ended))
        {
            yield return (BodyVariant.WithTrailingLineFeed, ended);
        }
    }

    private static IEnumerable<(KeyVariant Variant, byte[] Key)> KeysOf(SigningSecret secret)
    {
        yield return (KeyVariant.AsKept, secret.Key.ToArray());
        var text = Encoding.UTF8.GetString(secret.Key);
        var rest = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : null;
        if (rest is { Length: > 0 })
        {
            yield return (KeyVariant.WithoutPrefix, Encoding.UTF8.GetBytes(rest));
        }

        var decoded = new byte[text.Length];
        if (Convert.TryFromBase64String(rest ?? text, decoded, out var length) && length > 0)
        {
            yield return (KeyVariant.Base64Decoded, decoded[..length]);
        }
    }
}
