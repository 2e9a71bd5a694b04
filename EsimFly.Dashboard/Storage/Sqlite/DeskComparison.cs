using System.Globalization;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SQLitePCL;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// Compares two desk files at the same position, table by table, by SQL: the one that was just worked out (<c>main</c>) and the one in
/// use (<c>in_use</c>). What was measured is left out.
/// </summary>
internal sealed class DeskComparison : IDisposable
{
    private const int MostReported = 1000;

    private static readonly (Type Entity, string Name)[] Compared =
    [
        (typeof(OrderEntity), "order"),
        (typeof(EsimEntity), "esim"),
        (typeof(TopUpEntity), "top-up"),
        (typeof(BalanceReadingEntity), "balance"),
        (typeof(EventEntity), "event"),
        (typeof(EventEsimEntity), "event-esim"),
        (typeof(DeliveryEntity), "delivery"),
        (typeof(ArrivalEntity), "arrival"),
    ];

    private static readonly HashSet<(Type Entity, string Field)> WasMeasured =
    [
        (typeof(DeliveryEntity), nameof(DeliveryEntity.ProcessedAtMs)),
        (typeof(DeliveryEntity), nameof(DeliveryEntity.Tries)),
        (typeof(DeliveryEntity), nameof(DeliveryEntity.NextTryAtMs)),
        (typeof(DeliveryEntity), nameof(DeliveryEntity.Error)),
        (typeof(ArrivalEntity), nameof(ArrivalEntity.Status)),
        (typeof(ArrivalEntity), nameof(ArrivalEntity.DurationUs)),
    ];

    private static readonly Lazy<IReadOnlyList<ComparedTable>> Tables = new(Describe);

    private readonly SqliteConnection connection;
    private readonly Statements statements;
    private readonly CancellationTokenRegistration interruption;
    private readonly CancellationToken cancellationToken;
    private readonly List<RowDifference> differences = [];
    private long compared;
    private int count;

    /// <summary>Prepares to compare the given file with another.</summary>
    public DeskComparison(BulkDesk desk, CancellationToken cancellationToken)
    {
        connection = desk.Connection;
        statements = new Statements(connection);
        this.cancellationToken = cancellationToken;
        interruption = cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle));
    }

    /// <summary>Takes an unchanging view of both files. They must be at the same position.</summary>
    public void Begin(string inUseFile)
    {
        statements.Scalar<long>("ATTACH @p0 AS in_use", inUseFile);
        statements.Scalar<long>("BEGIN");
        statements.Scalar<long>("""SELECT "Seq" FROM in_use."Position" """);
    }

    /// <summary>Compares.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ComparisonResult Run(IProgress<(int Done, int Total)> progress)
    {
        try
        {
            for (var i = 0; i < Tables.Value.Count; i++)
            {
                progress.Report((i, Tables.Value.Count));
                Compare(Tables.Value[i]);
            }
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException("The comparison was cancelled.", fault, cancellationToken);
        }

        return new(compared, count, differences);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        interruption.Dispose();
        statements.Dispose();
    }

    private void Compare(ComparedTable table)
    {
        compared += statements.Scalar<long>(table.Count);
        foreach (
            var found in statements.Query(
                table.Missing,
                row => (Key: row.GetString(0), IsTest: row.GetBoolean(1), IsAbsent: row.GetBoolean(2))
            )
        )
        {
            Add(
                new RowDifference(
                    table.Name,
                    found.Key,
                    found.IsTest,
                    "",
                    found.IsAbsent ? "absent" : "present",
                    found.IsAbsent ? "present" : "absent"
                )
            );
        }

        foreach (var found in statements.Query(table.Different, row => ReadDifferent(table, row)))
        {
            found.ForEach(Add);
        }
    }

    private void Add(RowDifference difference)
    {
        count++;
        if (differences.Count < MostReported)
        {
            differences.Add(difference);
        }
    }

    private static List<RowDifference> ReadDifferent(ComparedTable table, SqlRow row)
    {
        var found = new List<RowDifference>();
        for (var i = 0; i < table.Fields.Count; i++)
        {
            var (stored, folded) = (table.Fields[i].Show(row, 2 + (i * 3)), table.Fields[i].Show(row, 3 + (i * 3)));
            if (row.GetBoolean(4 + (i * 3)))
            {
                found.Add(new RowDifference(table.Name, row.GetString(0), row.GetBoolean(1), table.Fields[i].Name, stored, folded));
            }
        }

        return found;
    }

    private static List<ComparedTable> Describe()
    {
        using var memory = new SqliteConnection("Data Source=:memory:");
        using var context = new DeskDbContext(new DbContextOptionsBuilder<DeskDbContext>().UseSqlite(memory).Options);
        return [.. Compared.Select(item => Describe(context.Model.FindEntityType(item.Entity)!, item.Name))];
    }

    private static ComparedTable Describe(IEntityType entity, string name)
    {
        var table = entity.GetTableName()!;
        var keys = entity.FindPrimaryKey()!.Properties.Select(property => property.GetColumnName()).ToList();
        var fields = entity
            .GetProperties()
            .Where(property => !property.IsPrimaryKey() && !WasMeasured.Contains((entity.ClrType, property.Name)))
            .Select(property => new ComparedField(
                property.GetColumnName(),
                Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType
            ))
            .ToList();
        var hasTest = entity.FindProperty(nameof(IHasEnvironment.IsTest)) is not null;
        var shown = keys.FindLast(key => key is not nameof(IHasEnvironment.IsTest))!;
        var joined = string.Join(" AND ", keys.Select(key => $"s.\"{key}\" = n.\"{key}\""));
        static string Differs(ComparedField field) => $"s.\"{field.Name}\" IS NOT n.\"{field.Name}\"";
        string Named(string side) => $"{side}.\"{shown}\", {(hasTest ? $"{side}.\"IsTest\"" : "0")}";
        string Lacking(string side, string other, string from, string lacks, int isAbsent) =>
            $"SELECT {Named(side)}, {isAbsent} FROM {from}.\"{table}\" {side} WHERE NOT EXISTS (SELECT 1 FROM {lacks}.\"{table}\" "
            + $"{other} WHERE {joined})";
        var sides = string.Join(", ", fields.Select(field => $"s.\"{field.Name}\", n.\"{field.Name}\", {Differs(field)}"));
        return new ComparedTable(
            name,
            fields,
            $"SELECT COUNT(*) FROM main.\"{table}\"",
            $"{Lacking("n", "s", "main", "in_use", 1)} UNION ALL {Lacking("s", "n", "in_use", "main", 0)}",
            $"SELECT {Named("n")}, {sides} "
                + $"FROM main.\"{table}\" n JOIN in_use.\"{table}\" s ON {joined} "
                + $"WHERE {string.Join(" OR ", fields.Select(Differs))}"
        );
    }

    /// <summary>How a table is compared.</summary>
    /// <param name="Name">What its rows are called.</param>
    /// <param name="Fields">The fields that are compared.</param>
    /// <param name="Count">Counts its rows.</param>
    /// <param name="Missing">Finds rows that only one file has.</param>
    /// <param name="Different">Finds rows that both have, and that differ.</param>
    private sealed record ComparedTable(string Name, IReadOnlyList<ComparedField> Fields, string Count, string Missing, string Different);

    /// <summary>A field that is compared.</summary>
    private sealed record ComparedField(string Name, Type Type)
    {
        /// <summary>A value as text: states by name, bytes never.</summary>
        public string? Show(SqlRow row, int column) =>
            row.IsNull(column) ? null
            : Type == typeof(byte[]) ? "(bytes)"
            : Type == typeof(bool) ? row.GetBoolean(column).ToString()
            : Type.IsEnum ? Enum.ToObject(Type, row.GetInt64(column)).ToString()
            : Convert.ToString(row.GetString(column), CultureInfo.InvariantCulture);
    }
}

/// <summary>What a comparison found.</summary>
/// <param name="Compared">How many rows the file has that was worked out.</param>
/// <param name="Count">In how many fields they differed.</param>
/// <param name="Differences">The first thousand of those.</param>
internal readonly record struct ComparisonResult(long Compared, int Count, IReadOnlyList<RowDifference> Differences);
