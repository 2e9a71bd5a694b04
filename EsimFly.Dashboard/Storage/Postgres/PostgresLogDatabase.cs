using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>The schema <c>log</c>. Every connection commits with <c>synchronous_commit=on</c>.</summary>
internal sealed class PostgresLogDatabase : LogDatabase
{
    private const string ReadClock = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)";

    private const string FindStore = "SELECT to_regclass('log.\"Log\"') IS NOT NULL";

    private const string SizeOf =
        "SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c WHERE c.relkind = 'r' "
        + "AND c.relnamespace = to_regnamespace($1)";

    private const string LetAuditEnd = "SELECT set_config('esimfly.audit_ends', 'on', true)";

    private const string DeleteAudit = """DELETE FROM "Audit" WHERE "AtMs" < @p0""";

    private readonly PostgresServer server;
    private readonly Lazy<PostgresColumns> columns;

    /// <summary>Names the schema; nothing is opened yet.</summary>
    public PostgresLogDatabase(PostgresServer server)
    {
        this.server = server;
        columns = new(() =>
        {
            using var context = OpenContext();
            return new PostgresColumns(context.Model);
        });
    }

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override string Place => server.Place;

    /// <inheritdoc/>
    public override bool Exists
    {
        get
        {
            using var command = server.Log.CreateCommand(FindStore);
            return (bool)command.ExecuteScalar()!;
        }
    }

    /// <inheritdoc/>
    public override long Bytes => SizeOfSchema(server.Log, PostgresServer.LogSchema);

    /// <inheritdoc/>
    public override bool CanCopy => false;

    /// <inheritdoc/>
    public override bool IsBehind
    {
        get
        {
            using var context = OpenForMigration();
            return context.Database.GetPendingMigrations().Any();
        }
    }

    /// <inheritdoc/>
    public override void Configure(DbContextOptionsBuilder builder) => PostgresServer.Configure(builder, server.Log);

    /// <inheritdoc/>
    public override Statements Open() => new(Session(server.Log.OpenConnection()));

    /// <inheritdoc/>
    public override SqlSession OpenForWriting() =>
        new PostgresSession(
            server.OpenForWriting(PostgresServer.LogSchema, isDurable: true),
            columns.Value,
            PostgresServer.LockOf(PostgresLock.LogWriter)
        );

    /// <inheritdoc/>
    public override ReadSnapshot<LogDbContext> OpenSnapshot() =>
        new(
            Session(server.Log.OpenConnection()),
            static session =>
            {
                var context = new LogDbContext(new DbContextOptionsBuilder<LogDbContext>().UseNpgsql(session.Connection).Options);
                context.Database.UseTransaction(((PostgresSession)session).Transaction);
                return context;
            },
            static () => { }
        );

    /// <inheritdoc/>
    public override long? ClockMs(Statements store) => store.Scalar<long>(ReadClock);

    /// <inheritdoc/>
    public override bool IsDamage(Exception fault) => fault is PostgresException { SqlState: "XX001" or "XX002" };

    /// <inheritdoc/>
    public override StorageFault Classify(Exception fault) => PostgresServer.Classify(fault);

    /// <inheritdoc/>
    public override void EmptyJournal(SqlSession writer)
    {
        // The server keeps its write-ahead log, and its archive, as its administrator has set.
    }

    /// <inheritdoc/>
    public override Task WaitUntilThereAsync(ILogger logger, CancellationToken cancellationToken) =>
        server.WaitAsync(logger, cancellationToken);

    /// <inheritdoc/>
    public override void Migrate()
    {
        server.Check();
        using (var command = server.Log.CreateCommand($"CREATE SCHEMA IF NOT EXISTS {PostgresServer.LogSchema}"))
        {
            command.ExecuteNonQuery();
        }

        using var context = OpenForMigration();
        var known = context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = context.Database.GetAppliedMigrations().ToList();
        if (applied.Find(name => !known.Contains(name)) is { } newer && known.IsProperSubsetOf(applied))
        {
            // While instances are updated one after the other: the schema only ever gains what an earlier version need not know.
            return;
        }
        else if (applied.Exists(name => !known.Contains(name)))
        {
            throw new StorageSetupException("The database was written by another line of versions of this program. Start that one.");
        }

        context.Database.Migrate();
    }

    /// <inheritdoc/>
    public override void EndAudit(WriteTransaction transaction, long beforeMs)
    {
        transaction.Scalar<string>(LetAuditEnd);
        transaction.Execute(DeleteAudit, beforeMs);
    }

    /// <inheritdoc/>
    public override void CopyInto(string copy, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A server's data are backed up with the server's own means.");

    /// <summary>How large the tables of a schema are with their indexes, in bytes; 0 where there is none.</summary>
    public static long SizeOfSchema(NpgsqlDataSource source, string schema)
    {
        using var command = source.CreateCommand(SizeOf);
        command.Parameters.Add(new NpgsqlParameter { Value = schema });
        return (long)command.ExecuteScalar()!;
    }

    private PostgresSession Session(NpgsqlConnection connection) => new(connection, columns.Value, writerLock: null);

    private LogDbContext OpenContext()
    {
        var builder = new DbContextOptionsBuilder<LogDbContext>();
        Configure(builder);
        return new LogDbContext(builder.Options);
    }

    private PostgresLogDbContext OpenForMigration() =>
        new(
            new DbContextOptionsBuilder<PostgresLogDbContext>()
                .UseNpgsql(
                    server.Log,
                    static npgsql => npgsql.MigrationsHistoryTable(PostgresLogDbContext.History, PostgresServer.LogSchema)
                )
                .Options
        );
}
