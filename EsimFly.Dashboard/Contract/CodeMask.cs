using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// Masks activation codes, wherever they stand. A code is a bearer secret: who scans it first owns the eSIM. Masked are
/// LPA strings (SGP.22, 4.1), links and <c>data:</c> images, whatever stands under a key that names a code, and every
/// repetition of such a code elsewhere in the same body.
/// </summary>
internal static partial class CodeMask
{
    /// <summary>What stands in place of a code.</summary>
    public const string Masked = "••••••••";

    // A shorter repetition of a code's part is a common word, not a leak.
    private const int ShortestRepetition = 5;

    private static readonly SearchValues<string> Traces = SearchValues.Create(
        ["lpa", "code", "qr", "data:", "carddata", "install", "matching", "smdp", "sm_dp", "confirm", "pin", "puk", "$", "\\"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>The body with every code masked, all else as it was.</summary>
    /// <returns>Null where the body is not JSON in UTF-8: what cannot be read cannot be masked.</returns>
    public static string? MaskBody(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body) || !SignedBytes.IsJson(body))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(body);
        if (!text.AsSpan().ContainsAny(Traces))
        {
            return text; // the common case: no key and no value that could hold a code
        }

        var codes = new HashSet<string>(StringComparer.Ordinal);
        Collect(body, codes);
        return Rewrite(body, [.. codes.Where(code => code.Length >= ShortestRepetition).OrderByDescending(code => code.Length)]);
    }

    /// <summary>A free text with the codes in it masked.</summary>
    public static string MaskText(string text) => CodeInText().Replace(text, Masked);

    /// <summary>Whether a key of that name holds an activation code, whatever its value looks like.</summary>
    public static bool IsCodeKey(string key)
    {
        var name = key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return CodeKey().IsMatch(name);
    }

    private static void Collect(ReadOnlySpan<byte> body, HashSet<string> codes)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        var codeDepth = int.MaxValue;
        var isCode = false;
        while (reader.Read())
        {
            Track(ref reader, ref codeDepth, ref isCode);
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            {
                if (isCode && reader.TokenType == JsonTokenType.Number)
                {
                    codes.Add(Encoding.UTF8.GetString(reader.ValueSpan));
                }

                continue;
            }

            var text = SignedBytes.Unescape(reader.ValueSpan);
            if (isCode && reader.TokenType == JsonTokenType.String)
            {
                AddParts(text, codes);
            }

            foreach (Match match in CodeInText().Matches(text))
            {
                AddParts(match.Value, codes);
            }
        }
    }

    // Of an LPA string, the matching id alone is as good as the whole.
    private static void AddParts(string code, HashSet<string> codes)
    {
        codes.Add(code);
        foreach (var form in new[] { code, Uri.UnescapeDataString(code) })
        {
            var start = form.IndexOf("LPA:1$", StringComparison.OrdinalIgnoreCase);
            if (start >= 0)
            {
                var lpa = form[start..];
                codes.Add(lpa);
                codes.Add(Uri.EscapeDataString(lpa));
                var parts = lpa.Split('$');
                if (parts.Length > 2)
                {
                    codes.Add(parts[2]);
                }
            }
        }
    }

    private static string Rewrite(ReadOnlySpan<byte> body, string[] codes)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 64);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        var codeDepth = int.MaxValue;
        var isCode = false;
        var copied = 0;
        while (reader.Read())
        {
            Track(ref reader, ref codeDepth, ref isCode);
            string? replacement = null;
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                var text = SignedBytes.Unescape(reader.ValueSpan);
                var masked = isCode && reader.TokenType == JsonTokenType.String && text.Length > 0
                    ? Masked
                    : MaskKnown(MaskText(text), codes);
                if (!string.Equals(masked, text, StringComparison.Ordinal) || HasLoneSurrogate(text))
                {
                    replacement = masked;
                }
            }
            else if (isCode && reader.TokenType == JsonTokenType.Number)
            {
                replacement = Masked;
            }

            if (replacement is not null)
            {
                var start = (int)reader.TokenStartIndex;
                var length = reader.TokenType == JsonTokenType.Number ? reader.ValueSpan.Length : reader.ValueSpan.Length + 2;
                output.Write(body[copied..start]);
                output.Write("\""u8);
                output.Write(JsonEncodedText.Encode(WellFormed(replacement), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
                output.Write("\""u8);
                copied = start + length;
            }
        }

        output.Write(body[copied..]);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    // All that stands below a key that names a code is code, an object or array of them too.
    private static void Track(ref Utf8JsonReader reader, ref int codeDepth, ref bool isCode)
    {
        if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth <= codeDepth)
        {
            isCode = IsCodeKey(SignedBytes.Unescape(reader.ValueSpan));
            codeDepth = isCode ? reader.CurrentDepth : int.MaxValue;
        }
        else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray && reader.CurrentDepth < codeDepth)
        {
            isCode = false;
            codeDepth = int.MaxValue;
        }
    }

    private static string MaskKnown(string text, string[] codes)
    {
        foreach (var code in codes)
        {
            text = text.Replace(code, Masked, StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    private static bool HasLoneSurrogate(string text) =>
        !string.Equals(WellFormed(text), text, StringComparison.Ordinal);

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"^(?:esim|direct|e?uicc)?(?:qr|qrcode.*|qrdata|qrimage.*|activationcode.*|ac|lpa.*|.*lpastring|.*lpacode|matchingid|acmatchingid|confirmationcode|.*install(?:ation)?(?:url|link)s?|manualcode|installcode|pin[12]?|puk[12]?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeKey();

    // An LPA string, plain or percent-encoded, with or without a link around it; a link that carries a card's data; an image.
    [GeneratedRegex(@"(?:https?://[^\s""'<>]*)?LPA(?::|%3A)1(?:\$|%24)[^\s""'<>]*|https?://[^\s""'<>]*(?:carddata=|esim_qrcode_provisioning|esimsetup\.)[^\s""'<>]*|data:[a-z]+/[^\s""'<>]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeInText();
}
