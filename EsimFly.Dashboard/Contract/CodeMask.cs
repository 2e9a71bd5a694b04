using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// Masks activation codes, wherever they stand. A code is a bearer secret: who scans it first owns the eSIM. Masked are
/// LPA strings (SGP.22, 4.1), links and <c>data:</c> images, whatever stands under a key that names a code, and every
/// repetition of such a code in the free texts of the same body. All of it takes time linear in the body's length.
/// </summary>
internal static class CodeMask
{
    /// <summary>What stands in place of a code.</summary>
    public const string Masked = "••••••••";

    // A shorter repetition of a code's part is a common word, not a leak.
    private const int ShortestRepetition = 5;

    // An order has ten eSIMs at the most. A body with far more codes than they have is nobody's: all its texts are masked.
    private const int MostCodes = 64;

    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\r\n\"'<>");

    private static readonly SearchValues<string> CodeTraces = SearchValues.Create(
        ["LPA:", "LPA%3A", "carddata=", "esim_qrcode_provisioning", "esimsetup.", "data:image/", "data:application/", "data:text/"],
        StringComparison.OrdinalIgnoreCase
    );

    private static readonly FrozenSet<string> CodeKeys = new[]
    {
        "qr",
        "ac",
        "pin",
        "pin1",
        "pin2",
        "puk",
        "puk1",
        "puk2",
        "manualcode",
        "installcode",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly SearchValues<string> CodeKeyParts = SearchValues.Create(
        [
            "qrcode",
            "qrdata",
            "qrimage",
            "activationcode",
            "lpastring",
            "lpacode",
            "matchingid",
            "confirmationcode",
            "installurl",
            "installlink",
            "installationurl",
            "installationlink",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    // Names and words that other parts are found by: a code that happens to equal one of them does not hide it.
    private static readonly FrozenSet<string> NameKeys = new[]
    {
        "event",
        "timestamp",
        "data",
        "esims",
        "iccid",
        "order_id",
        "order_reference",
        "esim_id",
        "eid",
        "imsi",
        "package_code",
        "package_name",
        "package_id",
        "status",
        "old_status",
        "new_status",
        "profile",
        "profile_status",
        "previous_profile_status",
        "error_code",
        "source",
        "activated_at",
        "expires_at",
        "expired_at",
        "installed_at",
        "changed_at",
        "reported_at",
        "expiry_date",
        "new_expiry",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The body with every code masked, all else as it was.</summary>
    /// <returns>Null where the body is not JSON in UTF-8: what cannot be read cannot be masked.</returns>
    public static string? MaskBody(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body) || !SignedBytes.IsJson(body))
        {
            return null;
        }

        var codes = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return Collect(body, codes)
            ? Rewrite(
                body,
                codes.Count > MostCodes
                    ? null
                    : [.. codes.Where(code => code.Length >= ShortestRepetition).OrderByDescending(code => code.Length)]
            )
            : Encoding.UTF8.GetString(body); // the common case: nothing to mask
    }

    /// <summary>A free text with the codes in it masked: each of its words that holds one.</summary>
    public static string MaskText(string text)
    {
        if (!MayHoldCode(text))
        {
            return text;
        }

        var masked = new StringBuilder(text.Length);
        foreach (var (start, length, isCode) in Words(text))
        {
            masked.Append(isCode ? Masked : text.AsSpan(start, length));
        }

        return masked.ToString();
    }

    /// <summary>Whether a key of that name holds an activation code, whatever its value looks like.</summary>
    public static bool IsCodeKey(string key)
    {
        if (NameKeys.Contains(key))
        {
            return false;
        }

        var name = key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return CodeKeys.Contains(name)
            || name.StartsWith("lpa", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("qr", StringComparison.OrdinalIgnoreCase)
            || name.AsSpan().ContainsAny(CodeKeyParts);
    }

    // Gives whether anything has to be rewritten at all.
    private static bool Collect(ReadOnlySpan<byte> body, HashSet<string> codes)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        var place = new Place();
        var isNeeded = false;
        while (reader.Read())
        {
            place.Follow(ref reader);
            if (reader.TokenType == JsonTokenType.Number && place.IsCode)
            {
                codes.Add(Encoding.UTF8.GetString(reader.ValueSpan));
                isNeeded = true;
            }
            else if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                var text = SignedBytes.Unescape(reader.ValueSpan);
                isNeeded |= HasLoneSurrogate(text);
                if (place.IsCode && reader.TokenType == JsonTokenType.String && text.Length > 0)
                {
                    AddParts(text, codes);
                    isNeeded = true;
                }
                else if (MayHoldCode(text))
                {
                    foreach (var (start, length, isCode) in Words(text))
                    {
                        if (isCode)
                        {
                            AddParts(text.Substring(start, length), codes);
                            isNeeded = true;
                        }
                    }
                }
            }
        }

        return isNeeded;
    }

    // Of an LPA string, the matching id alone is as good as the whole.
    private static void AddParts(string code, HashSet<string> codes)
    {
        codes.Add(code);
        var plain = code.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(code) : code;
        var parts = plain.Split('$');
        if (parts.Length > 2)
        {
            codes.Add(parts[2]);
        }
    }

    private static string Rewrite(ReadOnlySpan<byte> body, string[]? codes)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 64);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        var place = new Place();
        var copied = 0;
        while (reader.Read())
        {
            place.Follow(ref reader);
            var isNumber = reader.TokenType == JsonTokenType.Number;
            string? replacement = null;
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                var text = SignedBytes.Unescape(reader.ValueSpan);
                var masked = Mask(text, isKey: reader.TokenType == JsonTokenType.PropertyName, place, codes);
                replacement = !string.Equals(masked, text, StringComparison.Ordinal) || HasLoneSurrogate(text) ? masked : null;
            }
            else if (isNumber && place.IsCode)
            {
                replacement = Masked;
            }

            if (replacement is not null)
            {
                var start = (int)reader.TokenStartIndex;
                output.Write(body[copied..start]);
                output.Write("\""u8);
                output.Write(
                    JsonEncodedText
                        .Encode(WellFormed(replacement), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)
                        .EncodedUtf8Bytes
                );
                output.Write("\""u8);
                copied = start + reader.ValueSpan.Length + (isNumber ? 0 : 2);
            }
        }

        output.Write(body[copied..]);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Mask(string text, bool isKey, in Place place, string[]? codes)
    {
        if (isKey || place.IsName)
        {
            return MaskText(text);
        }

        if (place.IsCode || codes is null)
        {
            return text.Length == 0 ? text : Masked;
        }

        var masked = MaskText(text);
        foreach (var code in codes)
        {
            masked = masked.Replace(code, Masked, StringComparison.OrdinalIgnoreCase);
        }

        return masked;
    }

    private static bool MayHoldCode(string text) => text.AsSpan().ContainsAny(CodeTraces) || text.Contains("1$", StringComparison.Ordinal);

    private static IEnumerable<(int Start, int Length, bool IsCode)> Words(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var length = text.AsSpan(at).IndexOfAny(Separators);
            if (length < 0)
            {
                length = text.Length - at;
            }

            if (length > 0)
            {
                var word = text.AsSpan(at, length);
                yield return (at, length, word.ContainsAny(CodeTraces) || IsBareActivationCode(word));
                at += length;
            }
            else
            {
                yield return (at++, 1, false);
            }
        }
    }

    // SGP.22, 4.1, without the scheme before it: 1$<SM-DP+ address>$<matching id>.
    private static bool IsBareActivationCode(ReadOnlySpan<char> word)
    {
        var at = word.IndexOf("1$");
        return at >= 0
            && (at == 0 || !char.IsLetterOrDigit(word[at - 1]))
            && word[(at + 2)..].IndexOf('$') is > 0 and var end
            && word.Slice(at + 2, end).Contains('.');
    }

    private static bool HasLoneSurrogate(string text)
    {
        foreach (var letter in text)
        {
            if (char.IsSurrogate(letter))
            {
                return !string.Equals(WellFormed(text), text, StringComparison.Ordinal);
            }
        }

        return false;
    }

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Where a reader stands: all below a key that names a code is code, objects and arrays of them too.</summary>
    private struct Place
    {
        private int codeDepth;

        public bool IsCode { get; private set; }

        public bool IsName { get; private set; }

        public void Follow(ref Utf8JsonReader reader)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when !IsCode || reader.CurrentDepth <= codeDepth:
                    var key = SignedBytes.Unescape(reader.ValueSpan);
                    IsCode = IsCodeKey(key);
                    IsName = NameKeys.Contains(key);
                    codeDepth = reader.CurrentDepth;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray when IsCode && reader.CurrentDepth < codeDepth:
                    IsCode = false;
                    break;
            }
        }
    }
}
