using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// The tables and indexes of a desk file, made from <see cref="DeskDbContext"/>'s model. There are no migrations: a file of another
/// version is replaced by one that is worked out from the log.
/// </summary>
internal static class DeskSchema
{
    /// <summary>
    /// The version of the schema and of what the folds come to: raise it with either. Kept in the file as <c>user_version</c>.
    /// </summary>
    public const int Version = 6;

    /// <summary>How many entries of the log an empty desk has.</summary>
    public const string InsertPosition = """INSERT INTO "Position" ("Id", "Seq", "Epoch") VALUES (1, 0, @p0)""";

    // The projection itself searches by these; all others are made last where a whole log is worked in.
    private static readonly string[] NeededByProjection =
    [
        "BodyHashes",
        "DeliveryIds",
        "Exceptions",
        "EventsOfOrders",
        "EventsOfReferences",
        "EventsOfEsims",
    ];

    private static readonly Lazy<(IReadOnlyList<string> Tables, IReadOnlyList<string> Indexes)> Script = new(Write);

    /// <summary>Makes all tables and those indexes that the projection needs, in an empty file.</summary>
    public static void CreateTables(WriteTransaction transaction, string epoch)
    {
        foreach (var statement in Script.Value.Tables.Concat(Script.Value.Indexes.Where(IsNeeded)))
        {
            transaction.Execute(statement);
        }

        transaction.Execute(InsertPosition, epoch);
    }

    /// <summary>Makes the other indexes, and so completes the schema.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="isWhole">Whether the desk has all that it should have: only then does it have its version.</param>
    public static void CompleteIndexes(WriteTransaction transaction, bool isWhole)
    {
        foreach (var statement in Script.Value.Indexes.Where(statement => !IsNeeded(statement)))
        {
            transaction.Execute(statement);
        }

        transaction.Execute(FormattableString.Invariant($"PRAGMA user_version = {(isWhole ? Version : 0)}"));
    }

    private static bool IsNeeded(string statement) =>
        NeededByProjection.Any(name => statement.Contains($"INDEX \"{name}\"", StringComparison.Ordinal));

    private static (IReadOnlyList<string> Tables, IReadOnlyList<string> Indexes) Write()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        using var context = new DeskDbContext(new DbContextOptionsBuilder<DeskDbContext>().UseSqlite(connection).Options);
        var statements = context
            .Database.GenerateCreateScript()
            .Split(";", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (
            [.. statements.Where(statement => statement.StartsWith("CREATE TABLE", StringComparison.Ordinal)).Select(Cluster)],
            [.. statements.Where(statement => !statement.StartsWith("CREATE TABLE", StringComparison.Ordinal))]
        );
    }

    // Rows of a few numbers are kept in the index of their key itself (sqlite.org/withoutrowid.html).
    private static string Cluster(string statement) =>
        statement.Contains("TABLE \"EventEsims\"", StringComparison.Ordinal)
        || statement.Contains("TABLE \"MinuteTallies\"", StringComparison.Ordinal)
            ? statement + " WITHOUT ROWID"
            : statement;
}
