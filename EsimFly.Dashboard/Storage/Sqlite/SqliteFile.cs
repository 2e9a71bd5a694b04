using System.Data.Common;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// One SQLite file with a write-ahead log: how connections to it are opened, checkpointed, copied, and what its errors mean.
/// </summary>
/// <param name="file">The path of the file.</param>
/// <param name="mode">Whether opening may create the file.</param>
/// <param name="settings">What each connection is set to when it is opened, as PRAGMA statements.</param>
/// <param name="lockTimeout">How long a statement waits for a file that another process has locked.</param>
internal sealed class SqliteFile(string file, SqliteOpenMode mode, string settings, TimeSpan lockTimeout)
{
    // sqlite3.h: SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC.
    private const int IoErrorFsync = 10 | (4 << 8);
    private const int IoErrorDirectoryFsync = 10 | (5 << 8);

    // Checkpoints belong to the Checkpointer; the high mark is a safety net. The write-ahead log keeps its size when it begins again:
    // overwriting blocks that are there needs no change of the file system's own, so an fsync of it takes half the time.
    // What is deleted or replaced is overwritten, so that what is erased is in no free space of the file (secure_delete).
    private const string WriterSettings =
        "PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=268435456; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=100000; "
        + "PRAGMA secure_delete=ON;";

    private const int PageBytes = 4096;

    /// <summary>The path of the file.</summary>
    public string Path => file;

    /// <summary>The size of the write-ahead log in bytes.</summary>
    public long WalBytes => new FileInfo(file + "-wal") is { Exists: true } wal ? wal.Length : 0;

    /// <summary>The size of the file and of its write-ahead log in bytes.</summary>
    public long Bytes => (new FileInfo(file) is { Exists: true } main ? main.Length : 0) + WalBytes;

    /// <summary>What connections are opened with.</summary>
    public string ConnectionString { get; } =
        new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            ForeignKeys = false,
            DefaultTimeout = (int)lockTimeout.TotalSeconds,
        }.ToString();

    /// <summary>Makes <paramref name="builder"/>'s contexts use this file.</summary>
    public void Configure(DbContextOptionsBuilder builder) =>
        builder
            .UseSqlite(ConnectionString)
            .AddInterceptors(new PreparedConnection(settings), InterruptibleReads.Instance)
            // The caller learns of a fault by its exception; a query that is no longer waited for is none.
            .LogFaultsOnce();

    /// <summary>Opens a connection.</summary>
    public SqliteSession Open() => Open(isGuarded: false);

    private SqliteSession Open(bool isGuarded)
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle!, (int)lockTimeout.TotalMilliseconds); // for statements on the driver's own level
            Run(connection, settings);
            return new SqliteSession(connection, isGuarded ? file : null);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the connection that all writes go through.</summary>
    /// <param name="isGuarded">Whether nothing may be committed where the file is no longer at its path.</param>
    public SqliteSession OpenForWriting(bool isGuarded = false)
    {
        var session = Open(isGuarded);
        try
        {
            Run(session.Connection, WriterSettings);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Copies what is in the write-ahead log into the file, beside the writer, where that is worth it.</summary>
    /// <param name="worthMoving">So many bytes must be waiting.</param>
    /// <returns>Whether anything was copied.</returns>
    public bool Checkpoint(long worthMoving)
    {
        using var statements = new Statements(Open());

        // NOOP only tells (sqlite.org/pragma.html#pragma_wal_checkpoint): whether it was busy, all frames, those that are copied.
        var (frames, copied) = statements.Query("PRAGMA wal_checkpoint(NOOP)", static row => (row.GetInt64(1), row.GetInt64(2)))[0];
        if ((frames - copied) * PageBytes < worthMoving)
        {
            return false;
        }

        statements.Scalar<long>("PRAGMA wal_checkpoint(PASSIVE)");
        return true;
    }

    /// <summary>
    /// Ends a checkpoint on the writer's connection, outside of any transaction: copies the rest and lets the write-ahead log begin
    /// again. While readers still need the old one it changes nothing, and waits for nobody.
    /// </summary>
    public void Restart(SqlSession session)
    {
        var writer = (SqliteConnection)session.Connection;
        raw.sqlite3_busy_timeout(writer.Handle!, 0);
        Run(writer, "PRAGMA wal_checkpoint(RESTART);");
        raw.sqlite3_busy_timeout(writer.Handle!, (int)lockTimeout.TotalMilliseconds);
    }

    /// <summary>
    /// The same, and the write-ahead log is emptied: what was taken out of the file is not left in it. Where readers still need it, the
    /// next checkpoints overwrite it.
    /// </summary>
    public static void Truncate(SqlSession writer) => Run(writer.Connection, "PRAGMA wal_checkpoint(TRUNCATE);");

    /// <summary>
    /// Writes a whole, compact copy into a new file, as of one instant, while everything goes on (sqlite.org/lang_vacuum.html,
    /// "VACUUM INTO"). It takes as long as reading everything takes.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the file may be there in part.</exception>
    public void CopyInto(string copy, CancellationToken cancellationToken)
    {
        var session = Open();
        using var statements = new Statements(session);
        using var interruption = cancellationToken.Register(() => raw.sqlite3_interrupt(session.Connection.Handle));
        try
        {
            statements.Scalar<long>("VACUUM INTO @p0", copy);
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException("The copy was cancelled.", fault, cancellationToken);
        }
    }

    /// <summary>What is wrong, judged from the driver's error.</summary>
    public static StorageFault Classify(Exception fault) =>
        fault is SqliteException sqlite
            ? sqlite switch
            {
                { SqliteExtendedErrorCode: IoErrorFsync or IoErrorDirectoryFsync } => StorageFault.FsyncFailed,
                { SqliteErrorCode: 5 or 6 } => StorageFault.Locked,
                { SqliteErrorCode: 13 } => StorageFault.DiskFull,
                { SqliteErrorCode: 8 or 10 or 11 or 14 or 26 } => StorageFault.Unusable,
                _ => StorageFault.None,
            }
        : fault is FileMovedException ? StorageFault.Moved
        : StorageFault.None;

    /// <summary>Runs statements for their effect.</summary>
    public static void Run(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
