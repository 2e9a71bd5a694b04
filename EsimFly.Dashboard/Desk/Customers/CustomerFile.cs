using System.Globalization;
using CsvHelper;

namespace EsimFly.Dashboard.Desk.Customers;

/// <summary>Reads a CSV file of orders and their customers. Pure.</summary>
/// <param name="Lines">What can be taken over.</param>
/// <param name="Problems">What cannot: the line, and why.</param>
public sealed record CustomerFile(IReadOnlyList<CustomerLine> Lines, IReadOnlyList<(long Line, string Why)> Problems)
{
    /// <summary>So many orders a file may have.</summary>
    public const int MostLines = 100_000;

    private const string Order = "order";

    /// <summary>The columns that are read; the first is needed.</summary>
    public static IReadOnlyList<string> Columns { get; } = [Order, "name", "email", "shop_order", "language"];

    /// <summary>Reads it.</summary>
    public static CustomerFile Read(byte[] file)
    {
        var (lines, problems) = (new List<CustomerLine>(), new List<(long, string)>());
        try
        {
            using var csv = CsvReader.Create(
                file,
                new CsvReaderOptions { TrackLineNumbers = true, FieldCountMismatch = CsvFieldCountHandling.Allow }
            );
            csv.ReadHeader();
            if (!csv.Headers.Contains(Order, StringComparer.OrdinalIgnoreCase))
            {
                return new([], [(1, $"The first line names the columns: {string.Join(", ", Columns)}. Of these, {Order} is needed.")]);
            }

            while (csv.Read())
            {
                if (lines.Count >= MostLines)
                {
                    problems.Add(
                        (
                            csv.LineNumber,
                            string.Create(CultureInfo.InvariantCulture, $"More than {MostLines:#,0} lines: the rest is not read.")
                        )
                    );
                    break;
                }

                var name = Cell(csv, Order);
                var customer = new Customer
                {
                    Name = Cell(csv, "name"),
                    Email = Cell(csv, "email"),
                    ShopOrder = Cell(csv, "shop_order"),
                    Language = Cell(csv, "language"),
                }.Trimmed();
                var wrong = customer.Problems(static field => field).ToList();
                if (string.IsNullOrWhiteSpace(name) || Storage.SearchKey.Of(name) is not { Length: > 0 })
                {
                    wrong.Insert(0, "order is missing.");
                }

                if (wrong.Count > 0)
                {
                    problems.Add((csv.LineNumber, string.Join(' ', wrong)));
                }
                else
                {
                    lines.Add(new(name!.Trim(), customer));
                }
            }
        }
        catch (CsvFormatException fault)
        {
            problems.Add((0, $"It cannot be read as CSV: {fault.Message}"));
        }

        return new(lines, problems);
    }

    private static string? Cell(CsvReader csv, string column)
    {
        var index = csv.Headers.ToList().FindIndex(header => string.Equals(header, column, StringComparison.OrdinalIgnoreCase));
        return index < 0 || index >= csv.FieldCount ? null : csv.GetString(index);
    }
}
