using System.Data.Common;
using System.Globalization;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// All that is SQLite's own: how connections are opened, what its errors mean, what its start needs. Every connection
/// writes with <c>synchronous=FULL</c> over a write-ahead log, so that a commit is on disk when it returns.
/// </summary>
internal sealed class SqliteStore(StoragePaths paths, IOptions<StorageOptions> options)
{
    // Older ones can lose or corrupt a write-ahead log that is reset at the wrong moment (sqlite.org/wal.html, "the WAL-reset bug").
    private static readonly Version OldestSafe = new(3, 51, 3);

    // sqlite3.h: SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC.
    private const int IoErrorFsync = 10 | (4 << 8);
    private const int IoErrorDirectoryFsync = 10 | (5 << 8);

    // The writer keeps its hot pages (64 MB) and leaves the log to the Checkpointer; the high mark is a safety net.
    private const string WriterSettings = "PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=100000;";

    private string ConnectionString => new SqliteConnectionStringBuilder
    {
        DataSource = paths.Database,
        ForeignKeys = false,
        DefaultTimeout = (int)options.Value.LockTimeout.TotalSeconds,
    }.ToString();

    /// <summary>
    /// Ends a checkpoint on the writer's connection, outside of any transaction: copies the rest and lets the log begin anew.
    /// While readers still need the old log it changes nothing.
    /// </summary>
    public const string TruncateLog = "PRAGMA wal_checkpoint(TRUNCATE);";

    /// <summary>Makes <paramref name="builder"/>'s contexts use the installation's database.</summary>
    public void Configure(DbContextOptionsBuilder builder) =>
        builder.UseSqlite(ConnectionString).AddInterceptors(DurableConnection.Instance);

    /// <summary>Opens the connection that all writes go through.</summary>
    public DbConnection OpenForWriting()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        DurableConnection.Prepare(connection);
        Run(connection, WriterSettings);
        return connection;
    }

    /// <summary>Opens one unchanging view of the database. It takes no lock: writers go on.</summary>
    public ReadSnapshot OpenSnapshot()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        var transaction = connection.BeginTransaction(deferred: true);
        var context = new DashboardDbContext(new DbContextOptionsBuilder<DashboardDbContext>().UseSqlite(connection).Options);
        context.Database.UseTransaction(transaction);
        return new ReadSnapshot(connection, transaction, context);
    }

    /// <summary>What is wrong, judged from the driver's error.</summary>
    public static StorageFault Classify(Exception fault) => fault is SqliteException sqlite
        ? sqlite switch
        {
            { SqliteExtendedErrorCode: IoErrorFsync or IoErrorDirectoryFsync } => StorageFault.FsyncFailed,
            { SqliteErrorCode: 5 or 6 } => StorageFault.Locked,
            { SqliteErrorCode: 13 } => StorageFault.DiskFull,
            { SqliteErrorCode: 8 or 10 or 11 or 14 or 26 } => StorageFault.Unusable,
            _ => StorageFault.None,
        }
        : StorageFault.None;

    /// <summary>Checks the library, clears what a killed process left, and brings the schema up to date.</summary>
    /// <exception cref="StorageSetupException">The library is too old, or the database is newer than this program.</exception>
    public static void Migrate(DashboardDbContext context)
    {
        var version = Version.Parse(new SqliteConnection().ServerVersion);
        if (version < OldestSafe)
        {
            throw new StorageSetupException(string.Create(
                CultureInfo.InvariantCulture, $"SQLite {version} is too old to keep data safely; {OldestSafe} or later is needed."));
        }

        var database = context.Database;
        var known = database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        if (File.Exists(new SqliteConnectionStringBuilder(database.GetConnectionString()).DataSource))
        {
            var newer = database.GetAppliedMigrations().FirstOrDefault(name => !known.Contains(name));
            if (newer is not null)
            {
                throw new StorageSetupException($"The database was written by a later version of this program (it has the migration {newer}). Start that version, or restore a backup.");
            }

            // EF Core waits for ever for a migration lock whose holder was killed. The lock file makes this the only process.
            database.ExecuteSqlRaw("DROP TABLE IF EXISTS \"__EFMigrationsLock\"");
        }

        database.Migrate();
        database.ExecuteSqlRaw("PRAGMA journal_mode=WAL"); // kept in the file; every connection finds it
    }

    /// <summary>The size of the write-ahead log in bytes.</summary>
    public long LogBytes => new FileInfo(paths.Database + "-wal") is { Exists: true } log ? log.Length : 0;

    /// <summary>Copies what is in the write-ahead log into the database, beside the writer.</summary>
    public void Checkpoint()
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        DurableConnection.Prepare(connection);
        Run(connection, "PRAGMA wal_checkpoint(PASSIVE);");
    }

    /// <summary>
    /// Writes a whole, compact copy of the database into a new file, as of one instant, while deliveries go on
    /// (sqlite.org/lang_vacuum.html, "VACUUM INTO"). It takes as long as reading everything takes.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the file may be there in part.</exception>
    public void CopyInto(string file, CancellationToken cancellationToken)
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO @file";
        command.Parameters.AddWithValue("@file", file);
        using var interruption = cancellationToken.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
        try
        {
            command.ExecuteNonQuery();
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == SQLitePCL.raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException("The copy was cancelled.", fault, cancellationToken);
        }
    }

    private static void Run(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Sets up each connection as it is opened.</summary>
    private sealed class DurableConnection : DbConnectionInterceptor
    {
        public static readonly DurableConnection Instance = new();

        public static void Prepare(DbConnection connection)
        {
            Run(connection, "PRAGMA synchronous=FULL;");
        }

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Prepare(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Prepare(connection);
            return Task.CompletedTask;
        }
    }
}
