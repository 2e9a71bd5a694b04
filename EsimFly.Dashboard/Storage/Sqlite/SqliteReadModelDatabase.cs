using System.Collections.Concurrent;
using System.Data.Common;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// The file of the read model, <c>read-model.db</c>, written with <c>synchronous=NORMAL</c>. Others are files beside it.
/// </summary>
internal sealed class SqliteReadModelDatabase : ReadModelDatabase
{
    // sqlite3.h: SQLITE_CORRUPT, SQLITE_NOTADB.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private const string Settings = "PRAGMA synchronous=NORMAL;";

    // With no thought for a crash: the file is thrown away then. Locked is this file alone, not one that it is compared with.
    private const string BulkSettings = """
        PRAGMA main.journal_mode=MEMORY; PRAGMA main.synchronous=OFF; PRAGMA main.locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY;
        PRAGMA main.cache_size=-262144; PRAGMA main.secure_delete=ON;
        """;

    private const string ReadMark = """SELECT "Seq", "Epoch" FROM "Position" """;

    private const string SetEpoch = """UPDATE "Position" SET "Epoch" = @p0""";

    private static readonly TimeSpan ReplacedWithin = TimeSpan.FromSeconds(10);

    private readonly FileUse use = new();
    private readonly ReadModelUse interceptor;
    private readonly string folder;

    /// <summary>Names the file; nothing is opened yet.</summary>
    public SqliteReadModelDatabase(StoragePaths paths, IOptions<StorageOptions> options)
    {
        folder = paths.Root;
        File = new SqliteFile(paths.ReadModel, SqliteOpenMode.ReadWrite, Settings, options.Value.LockTimeout);
        interceptor = new ReadModelUse(use, ReplacedWithin);
    }

    /// <summary>The file in use.</summary>
    public SqliteFile File { get; }

    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <inheritdoc/>
    public override long Bytes => File.Bytes;

    /// <inheritdoc/>
    public override bool Exists => System.IO.File.Exists(File.Path);

    /// <inheritdoc/>
    public override void Configure(DbContextOptionsBuilder builder)
    {
        File.Configure(builder);
        builder.AddInterceptors(interceptor);
    }

    /// <inheritdoc/>
    public override Statements Open() => new(File.Open());

    /// <inheritdoc/>
    public override SqlSession OpenForWriting() => File.OpenForWriting();

    /// <inheritdoc/>
    public override StorageFault Classify(Exception fault) => SqliteFile.Classify(fault);

    /// <inheritdoc/>
    public override void EmptyJournal(SqlSession writer) => SqliteFile.Truncate(writer);

    /// <inheritdoc/>
    public override bool IsDamage(Exception fault) => fault is SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    /// <inheritdoc/>
    public override ReadSnapshot<ReadModelDbContext> OpenSnapshot()
    {
        use.Enter(ReplacedWithin);
        try
        {
            return new(File.Open(), Entities, use.Exit);
        }
        catch
        {
            use.Exit();
            throw;
        }
    }

    /// <inheritdoc/>
    public override Statements? TryRead()
    {
        if (!use.TryEnter())
        {
            return null;
        }

        try
        {
            return new ReadModelLookUp(File.Open(), use.Exit);
        }
        catch (SqliteException)
        {
            use.Exit();
            return null;
        }
    }

    /// <summary>The same as the file's, while it is not replaced.</summary>
    public bool Checkpoint(long worthMoving)
    {
        use.Enter(ReplacedWithin);
        try
        {
            return File.Checkpoint(worthMoving);
        }
        finally
        {
            use.Exit();
        }
    }

    /// <inheritdoc/>
    public override ReadModelMark? Inspect()
    {
        if (!Exists)
        {
            return null;
        }

        try
        {
            using var statements = Open();
            return
                statements.Scalar<long>("PRAGMA user_version") == ReadModelSchema.Version
                && statements.Query(ReadMark, static row => new ReadModelMark(row.GetInt64(0), row.GetString(1))) is [var mark]
                ? mark
                : null;
        }
        catch (SqliteException)
        {
            return null; // not a database, damaged, or without a position: it is rebuilt
        }
    }

    /// <inheritdoc/>
    public override void Follow(string epoch)
    {
        using var session = File.Open();
        session.Execute(SetEpoch, [epoch]);
    }

    /// <inheritdoc/>
    public override void Replace(string epoch, bool isWhole, bool keepsMeasurements) =>
        use.Alone(
            ReplacedWithin,
            () =>
            {
                ClearPool();
                if (keepsMeasurements)
                {
                    SetAside();
                }

                DeleteEarlier(folder);
                Delete(File.Path);
                CreateEmpty(
                    File.Path,
                    epoch,
                    transaction =>
                    {
                        Schema.CompleteIndexes(transaction);
                        if (isWhole)
                        {
                            SetWhole(transaction);
                        }
                    }
                );
            }
        );

    /// <inheritdoc/>
    public override void Create(ReadModelCopy copy, string epoch)
    {
        Drop(copy);
        CreateEmpty(PathOf(copy), epoch, static _ => { });
    }

    /// <inheritdoc/>
    public override BulkReadModel OpenCopy(ReadModelCopy copy)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = PathOf(copy),
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString()
        );
        try
        {
            connection.Open();
            SqliteFile.Run(connection, BulkSettings);
            return new BulkReadModel(new SqliteSession(connection), Entities);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Drop(ReadModelCopy copy) => Delete(PathOf(copy));

    /// <inheritdoc/>
    public override void Install(ReadModelCopy copy)
    {
        var built = PathOf(copy);
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = built, Pooling = false }.ToString()))
        {
            connection.Open();
            SqliteFile.Run(connection, "PRAGMA locking_mode=NORMAL; PRAGMA journal_mode=WAL; PRAGMA wal_checkpoint(TRUNCATE);");
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
                Delete(File.Path);
                System.IO.File.Move(built, File.Path);
            }
        );
        Delete(built);
    }

    /// <inheritdoc/>
    public override CarriedOver Measurements(ReadModelCopy? copy) => Measurements(copy is { } beside ? PathOf(beside) : File.Path);

    /// <inheritdoc/>
    public override void Complete(WriteTransaction transaction, ReadModelCopy copy)
    {
        Schema.CompleteIndexes(transaction);
        SetWhole(transaction);
    }

    /// <inheritdoc/>
    public override (string Own, string InUse) BeginComparison(SqlSession readModel, ReadModelCopy copy)
    {
        readModel.Execute("ATTACH @p0 AS in_use", [File.Path]);
        readModel.BeginView();
        readModel.Execute("""SELECT "Seq" FROM in_use."Position" """, []);
        return ("main.", "in_use.");
    }

    /// <summary>Makes an empty read model in memory, with the indexes that the projection needs.</summary>
    public static BulkReadModel InMemory()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        var readModel = new BulkReadModel(new SqliteSession(connection), Entities);
        readModel.Run(static transaction => Schema.CreateTables(transaction, epoch: ""));
        return readModel;
    }

    /// <summary>The file of a read model beside the one in use.</summary>
    public string PathOf(ReadModelCopy copy) =>
        copy switch
        {
            ReadModelCopy.Building => File.Path + ".building",
            ReadModelCopy.Second => File.Path + ".second",
            ReadModelCopy.Previous => PreviousFile(folder),
            _ => throw new ArgumentOutOfRangeException(nameof(copy)),
        };

    /// <summary>The file that keeps the measurements of a read model that was replaced.</summary>
    public static string PreviousFile(string folder) => Path.Combine(folder, "read-model.previous.db");

    // The name of the file in versions before 1.0, and of what it was set aside as while a rebuild was under way.
    private static string EarlierFile(string folder) => Path.Combine(folder, "desk.db");

    private static string EarlierPrevious(string folder) => Path.Combine(folder, "desk.previous.db");

    private static void DeleteEarlier(string folder)
    {
        var earlier = EarlierFile(folder);
        foreach (var path in new[] { earlier, EarlierPrevious(folder), earlier + ".building", earlier + ".second" })
        {
            Delete(path);
        }
    }

    private static ReadModelSchema Schema { get; } = new(static builder => builder.UseSqlite("Data Source=:memory:"), Cluster);

    private static void SetWhole(WriteTransaction transaction) =>
        transaction.Execute(FormattableString.Invariant($"PRAGMA user_version = {ReadModelSchema.Version}"));

    private static ReadModelDbContext Entities(SqlSession session) =>
        new(new DbContextOptionsBuilder<ReadModelDbContext>().UseSqlite(session.Connection).Options);

    private static CarriedOver Measurements(string path)
    {
        if (!System.IO.File.Exists(path))
        {
            return CarriedOver.Nothing;
        }

        SqliteConnection? opened = null;
        try
        {
            opened = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = path,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ToString()
            );
            opened.Open();
            return CarriedOver.From(new Statements(new SqliteSession(opened)));
        }
        catch (SqliteException)
        {
            opened?.Dispose(); // of a version that kept none, or damaged
            return CarriedOver.Nothing;
        }
    }

    private static void CreateEmpty(string path, string epoch, Action<WriteTransaction> complete)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        SqliteFile.Run(connection, "PRAGMA journal_mode=WAL;");
        using var readModel = new BulkReadModel(new SqliteSession(connection), Entities);
        readModel.Run(transaction =>
        {
            Schema.CreateTables(transaction, epoch);
            complete(transaction);
        });
    }

    /// <summary>Deletes a read model file with what belongs to it.</summary>
    public static void Delete(string path)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm", "-journal" })
        {
            System.IO.File.Delete(path + suffix);
        }
    }

    // Rows of a few numbers are kept in the index of their key itself (sqlite.org/withoutrowid.html).
    private static string Cluster(string statement) =>
        statement.Contains("TABLE \"EventEsims\"", StringComparison.Ordinal)
        || statement.Contains("TABLE \"MinuteTallies\"", StringComparison.Ordinal)
            ? statement + " WITHOUT ROWID"
            : statement;

    private void ClearPool()
    {
        using var any = new SqliteConnection(File.ConnectionString);
        SqliteConnection.ClearPool(any);
    }

    private void SetAside()
    {
        var current =
            Exists ? File.Path
            : System.IO.File.Exists(EarlierPrevious(folder)) ? EarlierPrevious(folder)
            : EarlierFile(folder);
        var previous = PathOf(ReadModelCopy.Previous);
        if (System.IO.File.Exists(current) && !System.IO.File.Exists(previous))
        {
            try
            {
                using (
                    var connection = new SqliteConnection(
                        new SqliteConnectionStringBuilder { DataSource = current, Pooling = false }.ToString()
                    )
                )
                {
                    connection.Open();
                    SqliteFile.Run(connection, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;");
                }

                System.IO.File.Move(current, previous);
            }
            catch (SqliteException)
            {
                // Damaged: there is nothing to be carried over.
            }
        }
    }

    /// <summary>Counts the contexts that have the file open: each that entered leaves once, however its opening ends.</summary>
    private sealed class ReadModelUse(FileUse use, TimeSpan patience) : DbConnectionInterceptor
    {
        private readonly ConcurrentDictionary<DbConnection, bool> inside = new(ReferenceEqualityComparer.Instance);

        public override InterceptionResult ConnectionOpening(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result
        )
        {
            if (!inside.ContainsKey(connection))
            {
                use.Enter(patience);
                inside[connection] = true;
            }

            return result;
        }

        public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default
        )
        {
            // EF Core reports no end of an opening whose token was cancelled before.
            cancellationToken.ThrowIfCancellationRequested();
            if (!inside.ContainsKey(connection))
            {
                await use.EnterAsync(patience, cancellationToken);
                inside[connection] = true;
            }

            return result;
        }

        public override void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Leave(connection);

        public override Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
        {
            Leave(connection);
            return Task.CompletedTask;
        }

        public override void ConnectionFailed(DbConnection connection, ConnectionErrorEventData eventData) => Leave(connection);

        public override Task ConnectionFailedAsync(
            DbConnection connection,
            ConnectionErrorEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            Leave(connection);
            return Task.CompletedTask;
        }

        public override void ConnectionCanceled(DbConnection connection, ConnectionEndEventData eventData) => Leave(connection);

        public override Task ConnectionCanceledAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            Leave(connection);
            return Task.CompletedTask;
        }

        // Where the token is cancelled at the very moment, this is the end that is reported.
        public override void ConnectionDisposed(DbConnection connection, ConnectionEndEventData eventData) => Leave(connection);

        public override Task ConnectionDisposedAsync(DbConnection connection, ConnectionEndEventData eventData)
        {
            Leave(connection);
            return Task.CompletedTask;
        }

        // One that was kept waiting in vain never entered, though EF Core reports its opening as failed.
        private void Leave(DbConnection connection)
        {
            if (inside.TryRemove(connection, out _))
            {
                use.Exit();
            }
        }
    }
}

/// <summary>The read model, open for a few look-ups.</summary>
internal sealed class ReadModelLookUp(SqliteSession session, Action onClosed) : Statements(session)
{
    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            onClosed();
        }
    }
}
