using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// A timestamp as eSIMfly writes it: ISO 8601 with <c>Z</c>, an offset or none (then UTC), with or without fractions; in
/// words ("January 16, 2025 10:30 AM"); or a Unix time in seconds or milliseconds.
/// </summary>
/// <param name="UnixMs">Milliseconds since 1970 in UTC, or null where the text names no instant that can be read.</param>
/// <param name="Unread">The text of one that was given and cannot be read, at most 100 characters; null where there is none.</param>
[JsonConverter(typeof(Converter))]
internal readonly partial record struct ContractInstant(long? UnixMs, string? Unread = null)
{
    // A Unix time this large is in milliseconds: in seconds it would lie beyond the year 5000.
    private const long SmallestMilliseconds = 100_000_000_000;

    // It bounds the work of the expressions below, which have no time limit: what a body says must not depend on how busy the machine is.
    private const int LongestText = 100;

    private static readonly string[] FixedForms =
    [
        "ddd MMM d yyyy HH:mm:ss zzz", // JavaScript's Date, its offset with a colon
        "ddd MMM d HH:mm:ss yyyy", // C's asctime
        "ddd MMM d HH:mm:ss 'UTC' yyyy", // Java's Date, Unix date
        "ddd MMM d HH:mm:ss 'GMT' yyyy",
        "yyyyMMdd'T'HHmmssK", // ISO 8601, basic
    ];

    private static readonly long Earliest = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static readonly long Latest = new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Reads a timestamp; one that cannot be read, or lies before the year 2000, has no <see cref="UnixMs"/>.</summary>
    public static ContractInstant Parse(string text)
    {
        const DateTimeStyles Styles =
            DateTimeStyles.AssumeUniversal
            | DateTimeStyles.AdjustToUniversal
            | DateTimeStyles.AllowWhiteSpaces
            | DateTimeStyles.NoCurrentDateDefault;

        // DateTime, because DateTimeOffset would fill a missing date with today's.
        if (text.Length > LongestText)
        {
            return default;
        }

        if (WithYearFirst(text) is not { } dated)
        {
            return default;
        }

        if (
            HasYear(dated)
            && (
                DateTime.TryParse(dated, CultureInfo.InvariantCulture, Styles, out var instant)
                || DateTime.TryParse(WithoutZoneName(dated), CultureInfo.InvariantCulture, Styles, out instant)
                || DateTime.TryParse(InPlainWords(dated), CultureInfo.InvariantCulture, Styles, out instant)
                || DateTime.TryParseExact(OffsetOfScripts(dated), FixedForms, CultureInfo.InvariantCulture, Styles, out instant)
                || TryParseEndOfDay(dated, out instant)
            )
        )
        {
            return OfMilliseconds(new DateTimeOffset(instant, TimeSpan.Zero).ToUnixTimeMilliseconds());
        }

        text = OldDotNet().Replace(text.Trim(), "${number}");
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? OfNumber(number)
            : default;
    }

    // 13/02/2026 can be but one day, 02/03/2026 is of February or of March: null for a date that may be either.
    private static string? WithYearFirst(string text)
    {
        if (NumericDate().Match(text) is not { Success: true } match)
        {
            return text;
        }

        var (first, second) = (Number(match.Groups["first"]), Number(match.Groups["second"]));
        var (month, day) = first > 12 ? (second, first) : (first, second);
        return month > 12 || (day <= 12 && day != month)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{match.Groups["year"].ValueSpan}-{month:00}-{day:00}{text.AsSpan(match.Length)}"
            );

        static int Number(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    // Java adds the zone's name to an offset in brackets, Go behind a blank: "…+01:00[Europe/Berlin]", "… +0000 UTC".
    private static string WithoutZoneName(string text) => NamedOffset().Replace(text.Trim(), "${offset}");

    // A date without its year would be filled with the present one, and so be read differently in January.
    private static bool HasYear(string text) => YearDigits().IsMatch(text);

    private static ContractInstant OfNumber(decimal number) =>
        number switch
        {
            <= 0 or > long.MaxValue => default,
            < SmallestMilliseconds => OfMilliseconds((long)(number * 1000)),
            _ => OfMilliseconds((long)number),
        };

    private static ContractInstant OfMilliseconds(long unixMs) => unixMs >= Earliest && unixMs < Latest ? new(unixMs) : default;

    // "Thursday, 16th January 2025 at 10:30 UTC" → "Thursday, 16 January 2025 10:30 Z"
    private static string InPlainWords(string text) => ZoneWord().Replace(AtWord().Replace(OrdinalSuffix().Replace(text, ""), " "), " Z");

    // As JavaScript prints a Date: "Fri Feb 13 2026 23:27:00 GMT+0000 (Coordinated Universal Time)" → "Fri Feb 13 2026 23:27:00 +00:00"
    private static string OffsetOfScripts(string text) => ScriptZone().Replace(text.Trim(), "${sign}${hours}:${minutes}");

    // ISO 8601 knows the end of a day as 24:00.
    private static bool TryParseEndOfDay(string text, out DateTime instant)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var isRead = EndOfDay().IsMatch(text);
        instant = default;
        if (isRead && DateTime.TryParse(EndOfDay().Replace(text, "T00:00:00"), CultureInfo.InvariantCulture, Styles, out var start))
        {
            instant = start.AddDays(1);
            return true;
        }

        return false;
    }

    [GeneratedRegex(
        @"GMT(?<sign>[+-])(?<hours>\d\d)(?<minutes>\d\d)(\s*\([^()]*\))?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex ScriptZone();

    [GeneratedRegex(
        @"^\s*(?<first>\d{1,2})[./-](?<second>\d{1,2})[./-](?<year>\d{4})(?!\d)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex NumericDate();

    [GeneratedRegex(
        @"(?<offset>Z|[+-]\d\d:?\d\d)(\[[^\[\]]*\]|\s[A-Z]{2,5})$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex NamedOffset();

    [GeneratedRegex(
        @"^/Date\((?<number>\d+)\)/$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex OldDotNet();

    [GeneratedRegex(
        @"T24:00(:00(\.0+)?)?",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex EndOfDay();

    [GeneratedRegex(@"(?<!\d)\d{4}(?!\d)|^\d{8}T", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex YearDigits();

    [GeneratedRegex(
        @"(?<=\d)(?:st|nd|rd|th)\b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex OrdinalSuffix();

    [GeneratedRegex(
        @"\s+(?:at|of)\s+|(?<=\s)(?:at|of)\s+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex AtWord();

    [GeneratedRegex(
        @"\s*\b(?:UTC|GMT|Coordinated Universal Time)\)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex ZoneWord();

    internal sealed class Converter : JsonConverter<ContractInstant>
    {
        public override ContractInstant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => $"({reader.TokenType})",
            };
            var instant = reader.TokenType switch
            {
                JsonTokenType.String => Parse(text),
                JsonTokenType.Number when reader.TryGetDecimal(out var number) => OfNumber(number),
                _ => default,
            };
            if (instant.UnixMs is not null || string.IsNullOrWhiteSpace(text))
            {
                return instant;
            }

            reader.Skip();
            UnreadableFields.Note();
            return new(null, text.Length <= LongestText ? text : text[..LongestText]);
        }

        public override void Write(Utf8JsonWriter writer, ContractInstant value, JsonSerializerOptions options)
        {
            if (value.UnixMs is { } unixMs)
            {
                writer.WriteStringValue(DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
