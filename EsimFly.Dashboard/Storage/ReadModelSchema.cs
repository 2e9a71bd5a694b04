using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// The tables and indexes of a read model, made from <see cref="ReadModelDbContext"/>'s model. There are no migrations: a read model of
/// another version is replaced by one that is derived from the log.
/// </summary>
/// <param name="configure">Says for which database.</param>
/// <param name="table">Adds what a table's statement needs there.</param>
internal sealed class ReadModelSchema(Action<DbContextOptionsBuilder<ReadModelDbContext>> configure, Func<string, string> table)
{
    /// <summary>The version of the schema and of the folds' results: raise it with either.</summary>
    public const int Version = 7;

    /// <summary>How many entries of the log an empty read model has.</summary>
    public const string InsertPosition = """INSERT INTO "Position" ("Id", "Seq", "Epoch") VALUES (1, 0, @p0)""";

    // The projection itself searches by these; all others are made last where a whole log is projected.
    private static readonly string[] NeededByProjection =
    [
        "BodyHashes",
        "DeliveryIds",
        "Exceptions",
        "EventsOfOrders",
        "EventsOfReferences",
        "EventsOfEsims",
    ];

    private readonly Lazy<(IReadOnlyList<string> Tables, IReadOnlyList<string> Indexes)> script = new(() => Write(configure, table));

    /// <summary>Makes all tables and those indexes that the projection needs, in an empty desk.</summary>
    public void CreateTables(WriteTransaction transaction, string epoch)
    {
        foreach (var statement in script.Value.Tables.Concat(script.Value.Indexes.Where(IsNeeded)))
        {
            transaction.Execute(statement);
        }

        transaction.Execute(InsertPosition, epoch);
    }

    /// <summary>Makes the other indexes.</summary>
    public void CompleteIndexes(WriteTransaction transaction)
    {
        foreach (var statement in script.Value.Indexes.Where(statement => !IsNeeded(statement)))
        {
            transaction.Execute(statement);
        }
    }

    private static bool IsNeeded(string statement) =>
        NeededByProjection.Any(name => statement.Contains($"INDEX \"{name}\"", StringComparison.Ordinal));

    private static (IReadOnlyList<string> Tables, IReadOnlyList<string> Indexes) Write(
        Action<DbContextOptionsBuilder<ReadModelDbContext>> configure,
        Func<string, string> table
    )
    {
        var builder = new DbContextOptionsBuilder<ReadModelDbContext>();
        configure(builder);
        using var context = new ReadModelDbContext(builder.Options);
        var statements = context
            .Database.GenerateCreateScript()
            .Split(";", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (
            [.. statements.Where(statement => statement.StartsWith("CREATE TABLE", StringComparison.Ordinal)).Select(table)],
            [.. statements.Where(statement => statement.Contains("INDEX", StringComparison.Ordinal))]
        );
    }
}
