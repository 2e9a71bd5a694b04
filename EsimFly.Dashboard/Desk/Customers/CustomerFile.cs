using System.Globalization;
using CsvHelper;

namespace EsimFly.Dashboard.Desk.Customers;

/// <summary>Reads a CSV file of orders and their customers. Pure.</summary>
/// <param name="Lines">What can be taken over.</param>
/// <param name="Problems">What cannot, the first of them: the line, and why.</param>
/// <param name="ProblemCount">How many lines cannot.</param>
public sealed record CustomerFile(IReadOnlyList<CustomerLine> Lines, IReadOnlyList<(long Line, string Why)> Problems, int ProblemCount)
{
    /// <summary>So many problems are named; the others are counted.</summary>
    public const int MostProblems = 100;

    /// <summary>So long may an order's id or reference be, in characters.</summary>
    public const int LongestOrder = 200;

    // Far more than there are columns to read.
    private const int MostColumns = 100;

    /// <summary>So many orders a file may have.</summary>
    public const int MostLines = 100_000;

    private const string Order = "order";

    /// <summary>The columns that are read; the first is needed.</summary>
    public static IReadOnlyList<string> Columns { get; } = [Order, "name", "email", "shop_order", "language"];

    /// <summary>Reads it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Ends it, as when the page that asked is gone.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CustomerFile Read(byte[] file, CancellationToken cancellationToken)
    {
        var (lines, problems, count) = (new List<CustomerLine>(), new List<(long, string)>(), 0);
        try
        {
            using var csv = CsvReader.Create(
                file,
                new CsvReaderOptions { TrackLineNumbers = true, FieldCountMismatch = CsvFieldCountHandling.Allow }
            );
            csv.ReadHeader();
            var headers = csv.Headers.Take(MostColumns + 1).ToList();
            if (ProblemOf(headers) is { } problem)
            {
                return new([], [(1, problem)], 1);
            }

            var places = Columns.ToDictionary(
                static column => column,
                column => headers.FindIndex(header => string.Equals(header.Trim(), column, StringComparison.OrdinalIgnoreCase)),
                StringComparer.Ordinal
            );

            while (csv.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (lines.Count >= MostLines)
                {
                    Add(
                        csv.LineNumber,
                        string.Create(CultureInfo.InvariantCulture, $"More than {MostLines:#,0} lines: the rest is not read.")
                    );
                    break;
                }

                var name = Cell(csv, places[Order]);
                var customer = new Customer
                {
                    Name = Cell(csv, places["name"]),
                    Email = Cell(csv, places["email"]),
                    ShopOrder = Cell(csv, places["shop_order"]),
                    Language = Cell(csv, places["language"]),
                }.Trimmed();
                var wrong = customer.Problems(static field => field).ToList();
                if (string.IsNullOrWhiteSpace(name) || Storage.SearchKey.Of(name) is not { Length: > 0 })
                {
                    wrong.Insert(0, "order is missing.");
                }
                else if (name.Trim().Length > LongestOrder)
                {
                    wrong.Insert(0, string.Create(CultureInfo.InvariantCulture, $"order is longer than {LongestOrder} characters."));
                }

                if (wrong.Count > 0)
                {
                    Add(csv.LineNumber, string.Join(' ', wrong));
                }
                else
                {
                    lines.Add(new(name!.Trim(), customer));
                }
            }
        }
        catch (CsvFormatException fault)
        {
            Add(0, $"It cannot be read as CSV: {fault.Message}");
        }

        return new(lines, problems, count);

        void Add(long line, string why)
        {
            count++;
            if (problems.Count < MostProblems)
            {
                problems.Add((line, why));
            }
        }
    }

    // An unknown column is refused rather than passed over: what it was to set would be cleared.
    private static string? ProblemOf(List<string> headers)
    {
        var known = string.Join(", ", Columns);
        // One without a name is what a spreadsheet leaves of a column that was emptied: it sets nothing.
        var unknown = headers.Find(static header =>
            header.Trim().Length > 0 && !Columns.Contains(header.Trim(), StringComparer.OrdinalIgnoreCase)
        );
        return headers.Count > MostColumns
                ? string.Create(CultureInfo.InvariantCulture, $"More than {MostColumns} columns. Those read are {known}.")
            : unknown is not null ? $"There is no column “{Shortened(unknown)}”. Those read are {known}: rename it or remove it."
            : headers.Exists(static header => string.Equals(header.Trim(), Order, StringComparison.OrdinalIgnoreCase)) ? null
            : $"The first line names the columns: {known}. Of these, {Order} is needed.";
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static string? Cell(CsvReader csv, int index) => index < 0 || index >= csv.FieldCount ? null : csv.GetString(index);
}
