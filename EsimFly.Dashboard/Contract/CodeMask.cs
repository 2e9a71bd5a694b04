using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

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
    internal static readonly FrozenSet<string> NameKeys = new[]
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
    public static string? MaskBody(ReadOnlySpan<byte> body) =>
        ScannedBody.Of(body) is { IsJson: true } scanned ? Encoding.UTF8.GetString(MaskBody(body, scanned)) : null;

    /// <summary>The same of a body that has been scanned; the body itself where there is nothing to mask, the common case.</summary>
    /// <param name="body">The body, which is JSON.</param>
    /// <param name="scanned">What the scan found.</param>
    public static ReadOnlySpan<byte> MaskBody(ReadOnlySpan<byte> body, ScannedBody scanned) =>
        !scanned.HasCodes
            ? body
            : Rewrite(
                body,
                scanned.Codes.Count > MostCodes
                    ? null
                    : [.. scanned.Codes.Where(code => code.Length >= ShortestRepetition).OrderByDescending(code => code.Length)]
            );

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

    /// <summary>Adds the codes in a text of a body.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isCode">Whether it is a code as a whole.</param>
    /// <param name="codes">Where they are added.</param>
    /// <returns>Whether the text cannot be shown as it is.</returns>
    internal static bool FindCodes(string text, bool isCode, HashSet<string> codes)
    {
        var isNeeded = HasLoneSurrogate(text);
        if (isCode && text.Length > 0)
        {
            AddParts(text, codes);
            return true;
        }

        if (MayHoldCode(text))
        {
            foreach (var (start, length, isCodeWord) in Words(text))
            {
                if (isCodeWord)
                {
                    AddParts(text.Substring(start, length), codes);
                    isNeeded = true;
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

    private static ReadOnlySpan<byte> Rewrite(ReadOnlySpan<byte> body, string[]? codes)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 64);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        var place = new CodePlace();
        var copied = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    place.Enter(KeyTable.Read(reader.ValueSpan), reader.CurrentDepth);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    place.Leave(reader.CurrentDepth);
                    break;
            }

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
        return output.WrittenSpan;
    }

    private static string Mask(string text, bool isKey, in CodePlace place, string[]? codes)
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
}
