using System.Data.Common;
using System.Globalization;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// Compares two read models at the same position, table by table, by SQL: one that was just built and the one in use. What was measured
/// is left out.
/// </summary>
/// <param name="database">The read model.</param>
/// <param name="readModel">The read model that was built.</param>
internal sealed class ReadModelComparison(ReadModelDatabase database, BulkReadModel readModel)
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

    private readonly List<RowDifference> differences = [];
    private IReadOnlyList<ComparedTable> tables = [];
    private long compared;
    private int count;

    /// <summary>Takes an unchanging view of both. They must be at the same position.</summary>
    public void Begin(ReadModelCopy copy)
    {
        var names = database.BeginComparison(readModel.Session, copy);
        using var context = readModel.OpenContext();
        tables = [.. Compared.Select(item => Describe(names, context.Model.FindEntityType(item.Entity)!, item.Name))];
    }

    /// <summary>Compares.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ComparisonResult Run(IProgress<(int Done, int Total)> progress, CancellationToken cancellationToken)
    {
        using var interruption = cancellationToken.Register(readModel.Session.Interrupt);
        try
        {
            for (var i = 0; i < tables.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress.Report((i, tables.Count));
                Compare(tables[i]);
            }
        }
        catch (DbException fault) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The comparison was cancelled.", fault, cancellationToken);
        }

        readModel.Session.RollBack(); // ends the view
        return new(compared, count, differences);
    }

    private void Compare(ComparedTable table)
    {
        compared += readModel.Statements.Scalar<long>(table.Count);
        foreach (
            var found in readModel.Statements.Query(
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

        foreach (var found in readModel.Statements.Query(table.Different, row => ReadDifferent(table, row)))
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

    private static ComparedTable Describe((string Own, string InUse) names, IEntityType entity, string name)
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
        static string Differs(ComparedField field) => $"s.\"{field.Name}\" IS DISTINCT FROM n.\"{field.Name}\"";
        string Named(string side) => $"{side}.\"{shown}\", {(hasTest ? $"{side}.\"IsTest\"" : "FALSE")}";
        string Lacking(string side, string other, string from, string lacks, string isAbsent) =>
            $"SELECT {Named(side)}, {isAbsent} FROM {from}\"{table}\" {side} WHERE NOT EXISTS (SELECT 1 FROM {lacks}\"{table}\" "
            + $"{other} WHERE {joined})";
        var sides = string.Join(", ", fields.Select(field => $"s.\"{field.Name}\", n.\"{field.Name}\", {Differs(field)}"));
        return new ComparedTable(
            name,
            fields,
            $"SELECT COUNT(*) FROM {names.Own}\"{table}\"",
            $"{Lacking("n", "s", names.Own, names.InUse, "TRUE")} UNION ALL {Lacking("s", "n", names.InUse, names.Own, "FALSE")}",
            $"SELECT {Named("n")}, {sides} "
                + $"FROM {names.Own}\"{table}\" n JOIN {names.InUse}\"{table}\" s ON {joined} "
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
/// <param name="Compared">How many rows the file has that was built.</param>
/// <param name="Count">In how many fields they differed.</param>
/// <param name="Differences">The first thousand of those.</param>
internal readonly record struct ComparisonResult(long Compared, int Count, IReadOnlyList<RowDifference> Differences);
