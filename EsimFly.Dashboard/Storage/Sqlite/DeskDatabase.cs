using System.Data.Common;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// The file of the desk store, <c>desk.db</c>: what the log comes to. It is written with <c>synchronous=NORMAL</c>: after a power cut it
/// may fall back by some transactions, and goes on from its position.
/// </summary>
internal sealed class DeskDatabase : SqliteDatabase
{
    /// <summary>Whether an error means that the file's content is not what SQLite wrote (SQLITE_CORRUPT, SQLITE_NOTADB).</summary>
    public static bool IsDamage(Exception fault) => fault is SqliteException { SqliteErrorCode: 11 or 26 };

    private const string Settings = "PRAGMA synchronous=NORMAL;";

    private static readonly TimeSpan ReplacedWithin = TimeSpan.FromSeconds(10);

    private readonly FileUse use = new();
    private readonly DeskUse interceptor;

    /// <summary>Names the file; nothing is opened yet.</summary>
    public DeskDatabase(StoragePaths paths, IOptions<StorageOptions> options)
        : base(paths.Desk, SqliteOpenMode.ReadWrite, Settings, options.Value.LockTimeout) => interceptor = new DeskUse(use, ReplacedWithin);

    /// <summary>Whether the file is there: it may be deleted at any time.</summary>
    public bool Exists => System.IO.File.Exists(File);

    /// <inheritdoc/>
    public override void Configure(DbContextOptionsBuilder builder)
    {
        base.Configure(builder);
        builder.AddInterceptors(interceptor);
    }

    /// <summary>Opens one unchanging view of the desk.</summary>
    public ReadSnapshot<DeskDbContext> OpenSnapshot()
    {
        use.Enter(ReplacedWithin);
        try
        {
            var connection = Open();
            return new(connection, new DeskDbContext(new DbContextOptionsBuilder<DeskDbContext>().UseSqlite(connection).Options), use.Exit);
        }
        catch
        {
            use.Exit();
            throw;
        }
    }

    /// <summary>Opens the desk for a few look-ups; null while it cannot be read. It must be closed soon.</summary>
    public DeskLookUp? TryRead()
    {
        if (!use.TryEnter())
        {
            return null;
        }

        try
        {
            return new DeskLookUp(Open(), use.Exit);
        }
        catch (SqliteException)
        {
            use.Exit();
            return null;
        }
    }

    /// <inheritdoc/>
    public override bool Checkpoint(long worthMoving)
    {
        use.Enter(ReplacedWithin);
        try
        {
            return base.Checkpoint(worthMoving);
        }
        finally
        {
            use.Exit();
        }
    }

    /// <summary>The version of the file's schema and its position; null where it cannot be used.</summary>
    public DeskMark? Inspect()
    {
        if (!Exists)
        {
            return null;
        }

        try
        {
            using var connection = Open();
            using var statements = new Statements(connection);
            return statements.Scalar<long>("PRAGMA user_version") == DeskSchema.Version
                ? statements.Query(
                    """SELECT "Seq", "Epoch" FROM "Position" """,
                    static row => new DeskMark(row.GetInt64(0), row.GetString(1))
                )
                    is [var mark]
                    ? mark
                    : null
                : null;
        }
        catch (SqliteException)
        {
            return null; // not a database, damaged, or without a position: it is worked out again
        }
    }

    /// <summary>Notes that the desk rests on the log as this run has it.</summary>
    public void Follow(string epoch)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = """UPDATE "Position" SET "Epoch" = @p0""";
        command.Parameters.AddWithValue("@p0", epoch);
        command.ExecuteNonQuery();
    }

    /// <summary>Puts an empty desk in the place of the file. The writer's own connection must be closed.</summary>
    /// <param name="epoch">The run of the log.</param>
    /// <param name="isWhole">
    /// Whether an empty desk is all there is to it. One that is still to be worked out is not, after a restart either.
    /// </param>
    /// <param name="keepsMeasurements">Whether the old file is kept aside for what was measured: see <see cref="CarriedOver"/>.</param>
    /// <exception cref="TimeoutException">A reader did not end in time.</exception>
    public void Replace(string epoch, bool isWhole, bool keepsMeasurements) =>
        use.Alone(
            ReplacedWithin,
            () =>
            {
                ClearPool();
                if (keepsMeasurements)
                {
                    SetAside();
                }

                Delete(File);
                CreateEmpty(File, epoch, transaction => DeskSchema.CompleteIndexes(transaction, isWhole));
            }
        );

    /// <summary>Puts a desk file that was worked out beside this one in its place. The writer's own connection must be closed.</summary>
    /// <exception cref="TimeoutException">A reader did not end in time; nothing was changed.</exception>
    public void Install(string built)
    {
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = built, Pooling = false }.ToString()))
        {
            connection.Open();
            Run(connection, "PRAGMA locking_mode=NORMAL; PRAGMA journal_mode=WAL; PRAGMA wal_checkpoint(TRUNCATE);");
        }

        using (var file = new FileStream(built, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true); // it was written without waiting for the disk
        }

        use.Alone(
            ReplacedWithin,
            () =>
            {
                ClearPool();
                Delete(File);
                System.IO.File.Move(built, File);
            }
        );
        Delete(built);
    }

    /// <summary>Makes a desk file without entries.</summary>
    /// <param name="path">Where.</param>
    /// <param name="epoch">The run of the log.</param>
    /// <param name="complete">What to do in the same transaction.</param>
    public static void CreateEmpty(string path, string epoch, Action<WriteTransaction> complete)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Run(connection, "PRAGMA journal_mode=WAL;");
        using var transaction = new WriteTransaction(connection);
        transaction.Begin();
        DeskSchema.CreateTables(transaction, epoch);
        complete(transaction);
        transaction.Commit();
    }

    /// <summary>Deletes a desk file with what belongs to it.</summary>
    public static void Delete(string path)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm", "-journal" })
        {
            System.IO.File.Delete(path + suffix);
        }
    }

    private void ClearPool()
    {
        using var any = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(any);
    }

    private void SetAside()
    {
        var previous = CarriedOver.PreviousFile(File);
        if (Exists && !System.IO.File.Exists(previous))
        {
            try
            {
                using (
                    var connection = new SqliteConnection(
                        new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString()
                    )
                )
                {
                    connection.Open();
                    Run(connection, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;");
                }

                System.IO.File.Move(File, previous);
            }
            catch (SqliteException)
            {
                // Damaged: there is nothing to be carried over.
            }
        }
    }

    /// <summary>Counts the contexts that have the file open.</summary>
    private sealed class DeskUse(FileUse use, TimeSpan patience) : DbConnectionInterceptor
    {
        public override InterceptionResult ConnectionOpening(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result
        )
        {
            use.Enter(patience);
            return result;
        }

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default
        )
        {
            use.Enter(patience);
            return ValueTask.FromResult(result);
        }

        public override void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => use.Exit();

        public override Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
        {
            use.Exit();
            return Task.CompletedTask;
        }

        public override void ConnectionFailed(DbConnection connection, ConnectionErrorEventData eventData) => use.Exit();

        public override Task ConnectionFailedAsync(
            DbConnection connection,
            ConnectionErrorEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            use.Exit();
            return Task.CompletedTask;
        }
    }
}

/// <summary>How far a desk file has got.</summary>
/// <param name="Seq">The last log entry that is in it.</param>
/// <param name="Epoch">The run of the log that it was written under.</param>
internal sealed record DeskMark(long Seq, string Epoch);

/// <summary>The desk, open for a few look-ups.</summary>
internal sealed class DeskLookUp(SqliteConnection connection, Action onClosed) : Statements(connection)
{
    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Connection.Dispose();
            onClosed();
        }
    }
}
