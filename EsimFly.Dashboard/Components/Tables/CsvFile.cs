using System.Globalization;
using System.Net.Mime;
using CsvHelper;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Components.Viewer;

namespace EsimFly.Dashboard.Components.Tables;

/// <summary>Answers with lists as CSV (RFC 4180), row by row as they are read.</summary>
internal static class CsvFile
{
    /// <summary>The header that says how many rows will come, as far as is known when they begin to.</summary>
    public const string TotalHeader = "X-Total-Rows";

    private const int BatchSize = 1000;

    private static readonly CsvWriterOptions Csv = new() { WriteByteOrderMark = true };

    // A spreadsheet keeps 15 digits of a number.
    private const int LongestNumber = 15;

    /// <summary>The answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="fileName">What the file is called.</param>
    /// <param name="heading">The columns' names.</param>
    /// <param name="rows">The rows, each with as many cells.</param>
    /// <param name="total">How many there are; null where that is not known.</param>
    public static IResult Of(HttpContext context, string fileName, string[] heading, IAsyncEnumerable<string[]> rows, long? total = null)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (total is { } count)
        {
            context.Response.Headers[TotalHeader] = count.ToString(CultureInfo.InvariantCulture);
        }

        return TypedResults.Stream(
            async stream =>
            {
                await using var csv = CsvWriter.Create(stream, Csv, leaveOpen: true);
                await csv.WriteRecordAsync(heading, context.RequestAborted);
                await foreach (var row in rows)
                {
                    await csv.WriteRecordAsync(Array.ConvertAll(row, Guard), context.RequestAborted);
                }
            },
            MediaTypeNames.Text.Csv,
            fileName
        );
    }

    /// <summary>All rows of a list that is paged by key, read page by page, so that no query stays open for long.</summary>
    public static async IAsyncEnumerable<TRow> ReadAllAsync<TRow>(Func<TRow?, int, Task<PageOf<TRow>>> readAfter)
        where TRow : class
    {
        TRow? last = null;
        PageOf<TRow> page;
        do
        {
            page = await readAfter(last, BatchSize);
            foreach (var row in page.Rows)
            {
                yield return last = row;
            }
        } while (page.HasOlder);
    }

    /// <summary>
    /// A cell as a spreadsheet shows it as it is: a quote stands before what it would take for a formula (OWASP, CSV injection), in any
    /// width, and before digits of which it would keep the first fifteen. Numbers stay numbers.
    /// </summary>
    internal static string Guard(string cell)
    {
        var isNumber = decimal.TryParse(
            cell,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out _
        );
        var digits = cell.Count(char.IsAsciiDigit);
        return (isNumber, digits) switch
        {
            (true, <= LongestNumber) when cell[0] is not '+' => cell,
            (true, _) => "'" + cell,
            _ when cell.TrimStart() is [var first, ..]
                    && (first is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' || cell[0] is '\t' or '\r') => "'" + cell,
            _ => JsonText.Isolate(cell),
        };
    }

    /// <summary>An instant as a cell: UTC, ISO 8601; empty where there is none.</summary>
    public static string Instant(long? atMs) => atMs is { } at ? ViewerClock.Utc(at) : "";

    /// <summary>A number as a cell; empty where there is none.</summary>
    public static string Number(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
