using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// Masks activation codes, wherever they stand. A code is a bearer secret: who scans it first owns the eSIM. Shown is what stands under the
/// contract's own keys; of anything else only its kind and length, since nobody knows what it is. Masked under those keys too are LPA
/// strings (SGP.22, 4.1), links and <c>data:</c> images, whatever stands under a key that names a code, every repetition of such a code in
/// the free texts of the same body, and words in them that look like one. All of it takes time linear in the body's length.
/// </summary>
internal static class CodeMask
{
    /// <summary>What stands in place of a code.</summary>
    public const string Masked = "••••••••";

    // A shorter repetition of a code's part is a common word, not a leak.
    private const int ShortestRepetition = 5;

    // A value under a key that is not known may be repeated in a text; a shorter one is a common word.
    private const int ShortestUnknown = 8;

    private const int ShortestToken = 8;

    private const int ShortestBase64 = 24;

    private const int MostDecodings = 3;

    /// <summary>The contract's keys with texts for people.</summary>
    internal static readonly FrozenSet<string> TextKeys = new[] { "message", "error_message" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly SearchValues<char> OfBase64 = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="
    );

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
    }
        .Concat(Identity.All.Select(static identity => identity.Key))
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The body with every code masked, all else as it was.</summary>
    /// <returns>Null where the body is not JSON in UTF-8: what cannot be read cannot be masked.</returns>
    public static string? MaskBody(ReadOnlySpan<byte> body) =>
        ScannedBody.Of(body) is { IsJson: true } scanned ? Encoding.UTF8.GetString(MaskBody(body, scanned)) : null;

    /// <summary>The same of a body that has been scanned; the body itself where there is nothing to mask, the common case.</summary>
    /// <param name="body">The body, which is JSON.</param>
    /// <param name="scanned">What the scan found.</param>
    public static ReadOnlySpan<byte> MaskBody(ReadOnlySpan<byte> body, ScannedBody scanned) =>
        !scanned.HasCodes ? body : Rewrite(body, scanned, isShortened: false);

    /// <summary>
    /// The body with every code masked, and the numbers that identify a person (<see cref="Identity"/>) shortened to their last digits.
    /// </summary>
    /// <returns>Null where the body is not JSON in UTF-8.</returns>
    public static string? MaskBodyForViewers(ReadOnlySpan<byte> body) =>
        ScannedBody.Of(body) is { IsJson: true } scanned ? Encoding.UTF8.GetString(Rewrite(body, scanned, isShortened: true)) : null;

    // What a message calls a number that is a key: 4 to 10 digits after it are one.
    private static readonly string[] NumericKeys = ["PUK", "PIN", "ADM"];

    /// <summary>A free text with the codes in it masked: each of its words that holds one.</summary>
    public static string MaskText(string text)
    {
        if (!MayHoldCode(text))
        {
            return text;
        }

        if (IsSplitCode(text))
        {
            return Masked;
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

    /// <summary>Adds the codes in a value of a body.</summary>
    /// <param name="text">The value.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="codes">Where they are added.</param>
    /// <returns>Whether the value cannot be shown as it is.</returns>
    internal static bool FindCodes(string text, in CodePlace place, HashSet<string> codes)
    {
        if (text.Length > 0 && (place.IsCode || place.IsUnknown))
        {
            if (place.IsCode || text.Length >= ShortestUnknown)
            {
                AddParts(text, codes);
            }

            return true;
        }

        return FindCodes(text, codes)
            || (place.IsFreeText && (NamesNumericKey(text) || Words(text).Any(word => IsToken(text.AsSpan(word.Start, word.Length)))));
    }

    /// <summary>The same of a key, or of a value that is shown.</summary>
    internal static bool FindCodes(string text, HashSet<string> codes)
    {
        var isNeeded = HasLoneSurrogate(text);
        if (!MayHoldCode(text))
        {
            return isNeeded;
        }

        if (IsSplitCode(text))
        {
            return true;
        }

        foreach (var (start, length, isCodeWord) in Words(text))
        {
            if (isCodeWord)
            {
                AddParts(text.Substring(start, length), codes);
                isNeeded = true;
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

    private static ReadOnlySpan<byte> Rewrite(ReadOnlySpan<byte> body, ScannedBody scanned, bool isShortened)
    {
        string[]? codes =
            scanned.Codes.Count > MostCodes
                ? null
                : [.. scanned.Codes.Where(code => code.Length >= ShortestRepetition).OrderByDescending(code => code.Length)];
        var output = new ArrayBufferWriter<byte>(body.Length + 64);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        var place = new CodePlace();
        var copied = 0;
        var isIdentity = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    var key = KeyTable.Read(reader.ValueSpan);
                    isIdentity = isShortened && key.IsIdentity;
                    place.Enter(key, reader.CurrentDepth);
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
                var isKey = reader.TokenType == JsonTokenType.PropertyName;
                var masked = isIdentity && !isKey ? Identity.Shorten(text) : Mask(text, isKey, place, codes, scanned.Names, isShortened);
                replacement = !string.Equals(masked, text, StringComparison.Ordinal) || HasLoneSurrogate(text) ? masked : null;
            }
            else if (isNumber && isIdentity)
            {
                replacement = Identity.Shorten(Encoding.UTF8.GetString(reader.ValueSpan));
            }
            else if (isNumber && (place.IsCode || place.IsUnknown))
            {
                replacement = place.IsCode ? Masked : Hidden("a number", reader.ValueSpan.Length, "digits");
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

    private static string Mask(string text, bool isKey, in CodePlace place, string[]? codes, IReadOnlySet<string> names, bool isShortened)
    {
        if (isKey || place.IsName)
        {
            return MaskText(text);
        }

        if (text.Length == 0 || text.StartsWith(Masked, StringComparison.Ordinal))
        {
            return text; // masked before
        }

        if (place.IsCode || codes is null)
        {
            return Masked;
        }

        if (place.IsUnknown)
        {
            return Hidden("text", text.Length, "characters");
        }

        var masked = MaskText(text);
        foreach (var code in codes)
        {
            masked = masked.Replace(code, Masked, StringComparison.OrdinalIgnoreCase);
        }

        return place.IsFreeText ? MaskTokens(masked, names, isShortened) : masked;
    }

    // What stands under a key that is not the contract's: of which kind it is and how long, and no more.
    private static string Hidden(string kind, int length, string unit) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Masked} ({kind}, {length} {unit})");

    // A matching id alone looks like any other word of letters and digits; one that the body has as a name is that.
    private static string MaskTokens(string text, IReadOnlySet<string> names, bool isShortened)
    {
        var masked = new StringBuilder(text.Length);
        var hasKey = NamesNumericKey(text);
        foreach (var (start, length, _) in Words(text))
        {
            var word = text.AsSpan(start, length);
            var bare = word.Trim(".,;:!?()[]");
            var isNumber = bare.Length > 0 && !bare.ContainsAnyExceptInRange('0', '9');
            masked.Append(
                names.Contains(bare.ToString()) ? word
                : IsToken(word) || (isNumber && hasKey && bare.Length is >= 4 and <= 10) ? Masked
                : isNumber && isShortened && bare.Length >= Identity.FewestDigits ? Identity.Shorten(bare.ToString())
                : word
            );
        }

        return masked.ToString();
    }

    private static bool NamesNumericKey(string text) => NumericKeys.Any(key => text.Contains(key, StringComparison.OrdinalIgnoreCase));

    private static bool IsToken(ReadOnlySpan<char> word)
    {
        var bare = word.Trim(".,;:!?()[]");
        var (letters, digits) = (0, 0);
        foreach (var letter in bare)
        {
            letters += char.IsAsciiLetter(letter) ? 1 : 0;
            digits += char.IsAsciiDigit(letter) ? 1 : 0;
        }

        return bare.Length >= ShortestToken && letters > 0 && digits > 0;
    }

    private static bool MayHoldCode(string text) =>
        text.AsSpan().ContainsAny(CodeTraces)
        || text.AsSpan().ContainsAny('$', '%')
        || text.Contains("LPA", StringComparison.OrdinalIgnoreCase)
        || text.Length >= ShortestBase64;

    // Blanks within it: "LPA: 1 $ rsp.example.com $ …" has no word that is a code.
    private static bool IsSplitCode(string text)
    {
        if (!text.Any(char.IsWhiteSpace) || !text.Contains('$', StringComparison.Ordinal))
        {
            return false;
        }

        var compact = string.Concat(text.Where(static letter => !char.IsWhiteSpace(letter)));
        return (compact.Contains("LPA:1$", StringComparison.OrdinalIgnoreCase) || IsBareActivationCode(compact))
            && !Words(text).Any(word => IsBareActivationCode(text.AsSpan(word.Start, word.Length)));
    }

    private static bool IsCodeWord(ReadOnlySpan<char> word)
    {
        if (word.ContainsAny(CodeTraces) || IsBareActivationCode(word))
        {
            return true;
        }

        var plain = word.ToString();
        for (var i = 0; i < MostDecodings && plain.Contains('%', StringComparison.Ordinal); i++)
        {
            plain = Uri.UnescapeDataString(plain);
            if (plain.AsSpan().ContainsAny(CodeTraces) || IsBareActivationCode(plain))
            {
                return true;
            }
        }

        return IsBase64OfCode(word);
    }

    private static bool IsBase64OfCode(ReadOnlySpan<char> word)
    {
        var bare = word.Trim(".,;:!?()[]");
        if (bare.Length < ShortestBase64 || bare.ContainsAnyExcept(OfBase64))
        {
            return false;
        }

        var text = bare.TrimEnd('=').ToString().Replace('-', '+').Replace('_', '/');
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length))
        {
            return false;
        }

        var decoded = Encoding.Latin1.GetString(bytes, 0, length);
        return decoded.AsSpan().ContainsAny(CodeTraces) || IsBareActivationCode(decoded);
    }

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
                yield return (at, length, IsCodeWord(word));
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
