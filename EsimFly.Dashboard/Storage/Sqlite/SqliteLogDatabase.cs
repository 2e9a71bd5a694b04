using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// The file of the event log, <c>esimfly.db</c>. Every connection writes with <c>synchronous=FULL</c>, so that a commit is on disk when
/// it returns.
/// </summary>
internal sealed class SqliteLogDatabase(StoragePaths paths, IOptions<StorageOptions> options) : LogDatabase
{
    private const string AuditGuard = "Audit_IsNotDeleted";

    private const string DropGuard = $"DROP TRIGGER IF EXISTS \"{AuditGuard}\"";

    private const string DeleteAudit = """DELETE FROM "Audit" WHERE "AtMs" < @p0""";

    private const string MakeGuard = $"""
        CREATE TRIGGER "{AuditGuard}" BEFORE DELETE ON "Audit" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
        """;

    private const string CountTablesBeforeTheLog =
        "SELECT COUNT(*) AS \"Value\" FROM sqlite_schema WHERE type = 'table' AND name = 'Deliveries'";

    // Older ones can lose or corrupt a write-ahead log that is reset at the wrong moment (sqlite.org/wal.html, "the WAL-reset bug").
    private static readonly Version OldestSafe = new(3, 51, 3);

    /// <summary>The file.</summary>
    public SqliteFile File { get; } = new(paths.Log, SqliteOpenMode.ReadWriteCreate, "PRAGMA synchronous=FULL;", options.Value.LockTimeout);

    /// <inheritdoc/>
    public override bool IsDamage(Exception fault) => fault is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT };

    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <inheritdoc/>
    public override bool Exists => System.IO.File.Exists(File.Path);

    /// <inheritdoc/>
    public override bool IsEmptied => new FileInfo(File.Path) is { Exists: true, Length: 0 } && File.WalBytes == 0;

    /// <inheritdoc/>
    public override string Place => File.Path;

    /// <inheritdoc/>
    public override long Bytes => File.Bytes;

    /// <inheritdoc/>
    public override bool CanCopy => true;

    /// <inheritdoc/>
    public override void Configure(DbContextOptionsBuilder builder) => File.Configure(builder);

    /// <inheritdoc/>
    public override Statements Open() => new(File.Open());

    /// <inheritdoc/>
    public override SqlSession OpenForWriting() => File.OpenForWriting(isGuarded: true);

    /// <inheritdoc/>
    public override ReadSnapshot<LogDbContext> OpenSnapshot() =>
        new(
            File.Open(),
            static session => new LogDbContext(new DbContextOptionsBuilder<LogDbContext>().UseSqlite(session.Connection).Options),
            static () => { }
        );

    /// <inheritdoc/>
    public override StorageFault Classify(Exception fault) => SqliteFile.Classify(fault);

    /// <inheritdoc/>
    public override void EmptyJournal(SqlSession writer) => SqliteFile.Truncate(writer);

    /// <inheritdoc/>
    public override void CopyInto(string copy, CancellationToken cancellationToken) => File.CopyInto(copy, cancellationToken);

    /// <inheritdoc/>
    public override void EndAudit(WriteTransaction transaction, long beforeMs)
    {
        transaction.Execute(DropGuard);
        transaction.Execute(DeleteAudit, beforeMs);
        transaction.Execute(MakeGuard);
    }

    /// <inheritdoc/>
    public override bool IsBehind
    {
        get
        {
            using var context = OpenContext();
            return context.Database.GetPendingMigrations().Any();
        }
    }

    /// <inheritdoc/>
    public override void Migrate()
    {
        var version = Version.Parse(new SqliteConnection().ServerVersion);
        if (version < OldestSafe)
        {
            throw new StorageSetupException(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"SQLite {version} is too old to keep data safely; {OldestSafe} or later is needed."
                )
            );
        }

        using var context = OpenContext();
        var database = context.Database;
        var known = database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        if (Exists)
        {
            var applied = database.GetAppliedMigrations().ToList();
            var first = database.GetMigrations().First();
            if (applied.Count > 0 && (!applied.Contains(first, StringComparer.Ordinal) || HasTablesBeforeTheLog(context)))
            {
                throw new StorageSetupException(
                    "The database is of a version before 1.0.0 that this one cannot upgrade from. Start the last version before 1.0.0 "
                        + "with it once and wait until it is ready, then start this one."
                );
            }

            // Those before the first were merged into it.
            var newer = applied.Find(name => !known.Contains(name) && string.CompareOrdinal(name, first) > 0);
            if (newer is not null)
            {
                throw new StorageSetupException(
                    $"The database was written by a later version of this program (it has the migration {newer}). "
                        + "Start that version, or restore a backup."
                );
            }

            // EF Core waits forever for a migration lock whose holder was killed. The lock file makes this the only process.
            database.ExecuteSqlRaw("DROP TABLE IF EXISTS \"__EFMigrationsLock\"");
        }

        database.Migrate();
        database.ExecuteSqlRaw("PRAGMA journal_mode=WAL"); // kept in the file; every connection finds it
    }

    // They are there until an upgrade from the time before the event log has finished.
    private static bool HasTablesBeforeTheLog(LogDbContext context) =>
        context.Database.SqlQueryRaw<long>(CountTablesBeforeTheLog).Single() > 0;

    private LogDbContext OpenContext()
    {
        var builder = new DbContextOptionsBuilder<LogDbContext>();
        Configure(builder);
        return new LogDbContext(builder.Options);
    }
}
