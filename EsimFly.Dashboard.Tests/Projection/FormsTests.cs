using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Tests.Projection;

/// <summary>
/// One question, many inputs: what do staff read of a value, in whatever form the sender's library, a proxy or a spreadsheet wrote it?
/// Either what was meant, or that it could not be read; never something else.
/// </summary>
public sealed class FormsTests
{
    private const string Unread = "unread";

    private const string Instant = "2026-02-13 23:27:00";

    private static readonly EventNormaliser Normaliser = new(DataUnit.GB);

    /// <summary>What it is, the JSON of the value, and what is read of it.</summary>
    public static TheoryData<string, string, string> Forms =>
        new()
        {
            // Dates: JavaScript, Python, PHP, Java, Go, Ruby, .NET, databases, logs.
            { "date", "\"2026-02-13T23:27:00.000Z\"", Instant },
            { "date", "\"2026-02-13T23:27:00Z\"", Instant },
            { "date", "\"2026-02-13T23:27Z\"", Instant },
            { "date", "\"2026-02-13T23:27:00\"", Instant },
            { "date", "\"2026-02-13 23:27:00\"", Instant },
            { "date", "\"2026-02-13T23:27:00.123456Z\"", Instant },
            { "date", "\"2026-02-13T23:27:00.123456789Z\"", Instant },
            { "date", "\"2026-02-13T23:27:00+00:00\"", Instant },
            { "date", "\"2026-02-13 23:27:00+00:00\"", Instant },
            { "date", "\"2026-02-14T04:57:00+05:30\"", Instant },
            { "date", "\"2026-02-13T18:27:00-05:00\"", Instant },
            { "date", "\"2026-02-14T00:27:00+0100\"", Instant },
            { "date", "\"2026-02-14T00:27:00+01\"", Instant },
            { "date", "\"2026-02-13T23:27:00.000+0000\"", Instant },
            { "date", "\"2026-02-13T23:27:00Z[UTC]\"", Instant }, // Java's ZonedDateTime
            { "date", "\"2026-02-14T00:27:00+01:00[Europe/Berlin]\"", Instant },
            { "date", "\"2026-02-13 23:27:00 +0000 UTC\"", Instant }, // Go's Time.String
            { "date", "\"2026-02-13 23:27:00 UTC\"", Instant },
            { "date", "\"20260213T232700Z\"", Instant }, // ISO 8601, basic
            { "date", "\"Fri, 13 Feb 2026 23:27:00 GMT\"", Instant },
            { "date", "\"Fri, 13 Feb 2026 23:27:00 +0000\"", Instant },
            { "date", "\"Fri Feb 13 2026 23:27:00 GMT+0000 (Coordinated Universal Time)\"", Instant },
            { "date", "\"Sat Feb 14 2026 00:27:00 GMT+0100 (Central European Standard Time)\"", Instant },
            { "date", "\"Fri Feb 13 23:27:00 2026\"", Instant }, // C's asctime
            { "date", "\"Fri Feb 13 23:27:00 UTC 2026\"", Instant }, // Java's Date, Unix date
            { "date", "\"February 13, 2026 11:27 PM\"", Instant },
            { "date", "\"Friday, 13th February 2026 at 23:27 UTC\"", Instant },
            { "date", "1771025220", Instant },
            { "date", "1771025220000", Instant },
            { "date", "1771025220.0", Instant },
            { "date", "1.77102522e9", Instant },
            { "date", "\"1771025220\"", Instant },
            { "date", "\"1771025220000\"", Instant },
            { "date", "\" 2026-02-13T23:27:00Z \"", Instant },
            { "date", "\"2026-02-13T23:27:00z\"", Instant },
            { "date", "\"2026-02-13t23:27:00Z\"", Instant },
            { "date", "\"/Date(1771025220000)/\"", Instant }, // old .NET
            { "date", "{\"$date\":\"2026-02-13T23:27:00Z\"}", Unread },
            { "date", "\"13/02/2026 23:27\"", Instant }, // a month has no 13
            { "date", "\"02/03/2026\"", Unread }, // of February or of March
            { "date", "\"03.02.2026\"", Unread },
            { "date", "\"2/13/2026 23:27\"", Instant },
            { "date", "\"2/13/26\"", Unread },
            { "date", "\"in 30 days\"", Unread },
            { "date", "\"0000-00-00 00:00:00\"", Unread }, // MySQL's nothing
            { "date", "\"1970-01-01T00:00:00Z\"", Unread },
            { "date", "0", Unread },
            { "date", "-1", Unread },
            { "date", "true", Unread },
            { "date", "[]", Unread },
            { "date", "\"NaN\"", Unread },
            { "date", "\"Invalid Date\"", Unread },
            { "date", "\"2026-02-30T00:00:00Z\"", Unread },
            { "date", "\"23:27\"", Unread },
            { "date", "\"Feb 13\"", Unread },
            { "date", "null", "" },
            { "date", "\"\"", "" },
            // Amounts.
            { "amount", "5.5", "5.5" },
            { "amount", "5.50", "5.5" },
            { "amount", "\"5.50\"", "5.5" },
            { "amount", "\" 5.50 \"", "5.5" },
            { "amount", "\"+5.50\"", "5.5" },
            { "amount", "5.5e0", "5.5" },
            { "amount", "55e-1", "5.5" },
            { "amount", "5.5000000000000001", "5.5" },
            { "amount", "\"$5.50\"", Unread }, // of the account's currency, or of another
            { "amount", "\"5.50 USD\"", Unread },
            { "amount", "\"1,234.50\"", Unread },
            { "amount", "0", "0" },
            { "amount", "-5.5", "-5.5" },
            { "amount", "\"5,50\"", Unread }, // five and a half, or 550
            { "amount", "\"1.234,50\"", Unread },
            { "amount", "\"free\"", Unread },
            { "amount", "\"NaN\"", Unread },
            { "amount", "\"Infinity\"", Unread },
            { "amount", "1e400", Unread },
            { "amount", "true", Unread },
            { "amount", "{\"value\":5.5}", Unread },
            { "amount", "[5.5]", Unread },
            { "amount", "null", "" },
            { "amount", "\"\"", "" },
            // Data sizes of 2025-11, which are in GB.
            { "size", "1", "1" },
            { "size", "\"1\"", "1" },
            { "size", "\"1 GB\"", Unread }, // the contract has numbers, in a unit that is a setting
            { "size", "\"1GB\"", Unread },
            { "size", "\"0.5\"", "0.5" },
            { "size", "\"512 MB\"", Unread },
            { "size", "\"Unlimited\"", Unread },
            { "size", "\"1 TBps\"", Unread },
            { "size", "null", "" },
            // Texts.
            { "name", "\"Europe 5GB\"", "Europe 5GB" },
            { "name", "\"  Europe 5GB \"", "Europe 5GB" },
            { "name", "\"Türkiye 1GB\"", "Türkiye 1GB" },
            { "name", "\"T\\u00fcrkiye 1GB\"", "Türkiye 1GB" },
            { "name", "\"أوروبا 5GB\"", "أوروبا 5GB" },
            { "name", "5", "5" },
            { "name", "null", "" },
            { "name", "\"\"", "" },
            { "name", "true", "true" },
            { "name", "{}", Unread },
        };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Value_InEachForm_IsReadAsItWasMeant_OrNotAtAll(string kind, string json, string expected) =>
        Assert.Equal(expected, Read(kind, json));

    // What a library, a proxy or a pretty-printer does to JSON without changing what it says.
    [Fact]
    public void Value_WhoseJsonIsWrittenOtherwise_IsReadTheSame() =>
        Gen.Select(Gen.OneOf(Forms.Select(row => row.Data).ToArray()), Gen.Int[0, 1000], Gen.Bool, Gen.Bool, Gen.Bool)
            .Sample(
                (form, seed, isEscaped, isSpaced, hasMark) =>
                {
                    var (kind, json, expected) = form;
                    var value = isEscaped ? Escaped(json, seed) : json;

                    Assert.Equal(expected, Read(kind, value, isSpaced, hasMark));
                },
                iter: 2000
            );

    // What is added to a value that could be read makes it unreadable at the most; and the event's main fact is applied all the same.
    [Fact]
    public void Value_WithSomethingAdded_IsNeverReadAsSomethingElse() =>
        Gen.Select(
                Gen.OneOf(
                    Forms.Select(row => row.Data).Where(form => form.Item2.StartsWith('"') && form.Item3 is not ("unread" or "")).ToArray()
                ),
                Gen.OneOf(" ?", "~", " approx.", "\u200E", "\u00A0", "\t", " (sic)", "§")
            )
            .Where((form, _) => form.Item1 is not "name")
            .Sample(
                (form, added) =>
                {
                    var (kind, json, expected) = form;
                    var text = JsonSerializer.Deserialize<string>(json)! + added;

                    var read = Read(kind, JsonSerializer.Serialize(text));

                    Assert.True(
                        string.Equals(read, expected, StringComparison.Ordinal) || string.Equals(read, Unread, StringComparison.Ordinal),
                        $"{text} was read as {read}"
                    );
                },
                iter: 2000
            );

    private static string Read(string kind, string json, bool isSpaced = false, bool hasMark = false)
    {
        var (name, field) = kind switch
        {
            "date" => ("topup.completed", "new_expiry"),
            "amount" => ("topup.completed", "amount"),
            "size" => ("esim.expired", "data_total"),
            _ => ("topup.completed", "package_name"),
        };
        var data = $$"""{"iccid":"8985235112473025858","{{field}}":{{json}} }""";
        var body = $$"""{"event":"{{name}}","timestamp":"2026-02-13T10:00:00Z","data":{{data}} }""";
        if (isSpaced)
        {
            body = JsonNode.Parse(body)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        }

        byte[] signed = hasMark ? [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(body)] : Encoding.UTF8.GetBytes(body);
        var payload = SignedBytes.WithoutByteOrderMark(signed);
        var (reported, reason) = Normaliser.Normalise(payload.Span, ScannedBody.Of(payload.Span));
        Assert.True(reported is not null, $"{json}: {reason}"); // the main fact is applied, whatever stands in an optional field
        var facts = reported.Facts;
        var read = kind switch
        {
            "date" => facts.ExpiresAtMs is { } at
                ? DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
                : null,
            "amount" => facts.Amount?.ToString("0.##", CultureInfo.InvariantCulture),
            "size" => facts.DataTotalGb?.ToString("0.##", CultureInfo.InvariantCulture),
            _ => facts.PackageName,
        };
        return read ?? (reported.Flags.HasFlag(DeliveryFlags.UnreadableField) ? Unread : "");
    }

    // Some letters of each string as \uXXXX (RFC 8259, 7).
    private static string Escaped(string json, int seed)
    {
        var random = new Random(seed);
        if (!json.StartsWith('"'))
        {
            return json;
        }

        var text = JsonSerializer.Deserialize<string>(json)!;
        return '"'
            + string.Concat(
                text.Select(letter => letter is '"' or '\\' || random.Next(2) == 0 ? $"\\u{(int)letter:x4}" : letter.ToString())
            )
            + '"';
    }
}
