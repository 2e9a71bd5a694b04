using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage.Moving;

/// <summary>The files in <c>Storage:Directory</c> as one end of a move.</summary>
/// <param name="paths">Where they are.</param>
/// <param name="options">How they are opened.</param>
internal sealed class SqliteEnd(StoragePaths paths, IOptions<StorageOptions> options) : MoveEnd
{
    private const string AllTables = """
        SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
        """;

    private const string ReadNumber = "SELECT seq FROM sqlite_sequence WHERE name = @p0";

    private const string RaiseNumber = "UPDATE sqlite_sequence SET seq = MAX(seq, @p1) WHERE name = @p0";

    private const string FirstNumber = """
        INSERT INTO sqlite_sequence (name, seq) SELECT @p0, @p1 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = @p0)
        """;

    private readonly FolderLock folder = new(paths);

    /// <inheritdoc/>
    public override LogDatabase Log { get; } = new SqliteLogDatabase(paths, options);

    /// <inheritdoc/>
    public override string HowToEmpty =>
        $"Move {Path.GetFileName(paths.Log)} and {Path.GetFileName(paths.ReadModel)} in {paths.Root} away, with the files that begin with "
        + "their names, but leave the folder keys there.";

    /// <inheritdoc/>
    public override string HowToUse =>
        $"Set Storage:Provider=Sqlite and Storage:Directory={paths.Root}, and start the desk: it rebuilds everything else from the log.";

    /// <inheritdoc/>
    public override string? ReadModel => File.Exists(paths.ReadModel) ? paths.ReadModel : null;

    /// <inheritdoc/>
    public override IReadOnlySet<string> KnownMigrations
    {
        get
        {
            using var context = new LogDbContext(new DbContextOptionsBuilder<LogDbContext>().UseSqlite().Options);
            return context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <inheritdoc/>
    public override string? Take() => folder.TryTake() ? null : $"A desk uses {paths.Root}: what comes in would be missed. Stop it first.";

    /// <inheritdoc/>
    public override string? FindUser() => null; // the lock of the folder keeps all others out

    /// <inheritdoc/>
    public override IReadOnlyList<string> Tables(Statements store) => store.Query(AllTables, static row => row.GetString(0));

    /// <inheritdoc/>
    public override void Prepare()
    {
        Log.Migrate();
        FolderSync.Flush(paths.Root);
    }

    /// <inheritdoc/>
    public override long LastNumber(Statements store, MovedTable table) => store.Scalar<long>(ReadNumber, table.Name);

    /// <inheritdoc/>
    public override void NumberAfter(WriteTransaction transaction, MovedTable table, long last)
    {
        transaction.Execute(RaiseNumber, table.Name, last);
        transaction.Execute(FirstNumber, table.Name, last);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            folder.Dispose();
        }
    }
}
