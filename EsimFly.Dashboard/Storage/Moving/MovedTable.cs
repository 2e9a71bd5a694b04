using System.Globalization;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace EsimFly.Dashboard.Storage.Moving;

/// <summary>
/// A table of the event log, as it is read piece by piece in the order of its primary key. Both databases have the same order: text is
/// compared by its bytes.
/// </summary>
internal sealed class MovedTable
{
    /// <summary>The table of what is set on pages.</summary>
    public const string Settings = "Settings";

    // About the processes that use a store.
    private const string Instances = "Instances";

    // Bodies may be large: a piece ends early where it would weigh more than this many bytes.
    private const int HeaviestPiece = 16 * 1024 * 1024;

    private readonly int keyLength;
    private readonly string readFirst;
    private readonly string readNext;
    private readonly string readLastKey;
    private readonly string count;

    private MovedTable(ITable table)
    {
        Name = table.Name;
        var key = table.PrimaryKey!.Columns;
        keyLength = key.Count;
        Columns = [.. key.Concat(table.Columns.Except(key)).Select(MovedColumn.Of)];
        NumberedBy =
            key is [var only] && only.PropertyMappings is [{ Property.ValueGenerated: ValueGenerated.OnAdd }, ..] && IsNumber(Columns[0])
                ? only.Name
                : null;

        var keyNames = Names(Columns.Take(keyLength));
        var after = string.Join(", ", Enumerable.Range(0, keyLength).Select(Parameter));
        var (where, and) = IsReplaced ? ($" WHERE {NoMark}", $" AND {NoMark}") : ("", "");
        readFirst = $"SELECT {Names(Columns)} FROM \"{Name}\"{where} ORDER BY {keyNames} LIMIT {Parameter(0)}";
        readNext =
            $"SELECT {Names(Columns)} FROM \"{Name}\" WHERE ({keyNames}) > ({after}){and} ORDER BY {keyNames} "
            + $"LIMIT {Parameter(keyLength)}";
        readLastKey =
            $"SELECT {keyNames} FROM \"{Name}\" ORDER BY "
            + $"{string.Join(", ", Columns.Take(keyLength).Select(static column => $"\"{column.Name}\" DESC"))} LIMIT 1";
        count = $"SELECT COUNT(*) FROM \"{Name}\"{where}";
        Insert = IsReplaced ? RowInsert<object?[]>.OrUpdate(Name, keyLength) : RowInsert<object?[]>.Unless(Name, keyLength);
        for (var i = 0; i < Columns.Count; i++)
        {
            var index = i;
            Insert.Value(Columns[i].Name, row => row[index]);
        }
    }

    /// <summary>All tables that are moved: those of the event log's model, but for the one about processes.</summary>
    public static IReadOnlyList<MovedTable> All { get; } = ReadModel();

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its columns, those of the primary key first, in their order.</summary>
    public IReadOnlyList<MovedColumn> Columns { get; }

    /// <summary>The column that the database numbers by itself; null where there is none.</summary>
    public string? NumberedBy { get; }

    /// <summary>Adds rows, those that are there already left out; for <see cref="IsReplaced"/> they are set to what is given.</summary>
    public RowInsert<object?[]> Insert { get; }

    /// <summary>Whether the target may have rows of its own, which are set to what the source has.</summary>
    public bool IsReplaced => Name is Settings;

    private static string NoMark => $"\"Name\" <> '{MoveMark.Name}'";

    /// <summary>How many rows there are.</summary>
    public long Count(Statements store) => store.Scalar<long>(count);

    /// <summary>The greatest key that there is; null where there are no rows.</summary>
    public object?[]? LastKey(Statements store) => store.Query(readLastKey, row => Read(row, keyLength)).FirstOrDefault();

    /// <summary>The key of a row.</summary>
    public object?[] KeyOf(object?[] row) => row[..keyLength];

    /// <summary>The next rows in the order of the key; none at the end.</summary>
    /// <param name="store">Where they are read.</param>
    /// <param name="after">The key after which; null to begin.</param>
    /// <param name="atMost">How many; fewer where they are heavy.</param>
    public List<object?[]> ReadAfter(Statements store, object?[]? after, int atMost)
    {
        var piece = new List<object?[]>();
        var weight = 0L;
        var rows = after is null
            ? store.Stream(readFirst, ReadAll, (long)atMost)
            : store.Stream(readNext, ReadAll, [.. after, (long)atMost]);
        foreach (var row in rows)
        {
            piece.Add(row);
            weight += row.Sum(WeightOf);
            if (weight > HeaviestPiece)
            {
                break;
            }
        }

        return piece;
    }

    private static long WeightOf(object? value) =>
        value switch
        {
            byte[] bytes => bytes.Length,
            string text => text.Length,
            _ => 0,
        };

    private static bool IsNumber(MovedColumn column) => column.Kind == MovedKind.Number;

    private static string Names(IEnumerable<MovedColumn> columns) =>
        string.Join(", ", columns.Select(static column => $"\"{column.Name}\""));

    private static string Parameter(int index) => string.Create(CultureInfo.InvariantCulture, $"@p{index}");

    private static MovedTable[] ReadModel()
    {
        using var context = new LogDbContext(new DbContextOptionsBuilder<LogDbContext>().UseNpgsql().Options);
        return
        [
            .. context
                .Model.GetRelationalModel()
                .Tables.Where(static table => table.Name is not Instances)
                .OrderBy(static table => table.Name, StringComparer.Ordinal)
                .Select(static table => new MovedTable(table)),
        ];
    }

    private object?[] ReadAll(SqlRow row) => Read(row, Columns.Count);

    private object?[] Read(SqlRow row, int columns)
    {
        var values = new object?[columns];
        for (var i = 0; i < columns; i++)
        {
            values[i] = Columns[i].Read(row, i);
        }

        return values;
    }
}
