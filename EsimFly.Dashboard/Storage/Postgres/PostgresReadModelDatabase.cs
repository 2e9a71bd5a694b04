using System.Globalization;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>
/// The schema of the read model, <c>read_model_</c> and its version, written with <c>synchronous_commit=off</c>. Others are schemas beside
/// it; to put one in its place is to rename two. That a read model is whole stands in its schema's comment.
/// </summary>
internal sealed class PostgresReadModelDatabase : ReadModelDatabase
{
    private const string Whole = "whole";

    private const string Prefix = "read_model_";

    // Of versions before 1.0, which may still run beside this one.
    private const string OldPrefix = "desk_";

    private const string ReadMark = """SELECT "Seq", "Epoch" FROM "Position" """;

    private const string SetEpoch = """UPDATE "Position" SET "Epoch" = @p0""";

    private const string CommentOf = "SELECT obj_description(to_regnamespace($1)::oid, 'pg_namespace')";

    private const string AllReadModels = """SELECT nspname FROM pg_namespace WHERE nspname ~ '^(read_model|desk)_[0-9]+(_[a-z0-9_]+)?$'""";

    private const string SchemaExists = "SELECT to_regnamespace($1) IS NOT NULL";

    private readonly PostgresServer server;
    private readonly Lazy<PostgresColumns> columns;
    private readonly ReadModelSchema schema = new(static builder => builder.UseNpgsql("Host=localhost"), static table => table);
    private bool isThere;

    /// <summary>Names the schema; nothing is opened yet.</summary>
    public PostgresReadModelDatabase(PostgresServer server)
    {
        this.server = server;
        columns = new(() =>
        {
            var builder = new DbContextOptionsBuilder<ReadModelDbContext>();
            Configure(builder);
            using var context = new ReadModelDbContext(builder.Options);
            return new PostgresColumns(context.Model);
        });
    }

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override long Bytes => PostgresLogDatabase.SizeOfSchema(server.ReadModel, server.ReadModelSchema);

    /// <inheritdoc/>
    public override bool Exists => isThere || (isThere = Ask<bool>(SchemaExists, server.ReadModelSchema));

    /// <inheritdoc/>
    public override void Configure(DbContextOptionsBuilder builder) => PostgresServer.Configure(builder, server.ReadModel);

    /// <inheritdoc/>
    public override Statements Open() => new(Session(server.ReadModel.OpenConnection()));

    /// <inheritdoc/>
    public override SqlSession OpenForWriting() =>
        new PostgresSession(
            server.OpenForWriting(server.ReadModelSchema, isDurable: false),
            columns.Value,
            PostgresServer.ReadModelLockOf(PostgresLock.ReadModelWriter)
        );

    /// <inheritdoc/>
    public override StorageFault Classify(Exception fault) => PostgresServer.Classify(fault);

    /// <inheritdoc/>
    public override void EmptyJournal(SqlSession writer)
    {
        // The server keeps its write-ahead log as its administrator has set.
    }

    /// <inheritdoc/>
    public override bool IsDamage(Exception fault)
    {
        var isDamage = fault is PostgresException { SqlState: "42P01" or "3F000" or "XX001" or "XX002" };
        isThere &= !isDamage;
        return isDamage;
    }

    /// <inheritdoc/>
    public override ReadSnapshot<ReadModelDbContext> OpenSnapshot() =>
        new(Session(server.ReadModel.OpenConnection()), Entities, static () => { });

    /// <inheritdoc/>
    public override Statements? TryRead()
    {
        try
        {
            return Open();
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override ReadModelMark? Inspect()
    {
        if (Ask<string>(CommentOf, server.ReadModelSchema) is not Whole)
        {
            return null;
        }

        try
        {
            using var statements = Open();
            return statements.Query(ReadMark, static row => new ReadModelMark(row.GetInt64(0), row.GetString(1))) is [var mark]
                ? mark
                : null;
        }
        catch (PostgresException)
        {
            return null; // without a position: it is rebuilt
        }
    }

    /// <inheritdoc/>
    public override bool HasProjector
    {
        get
        {
            // Free where it can be had; it goes with the connection.
            using var connection = server.Open(PostgresServer.LogSchema, "");
            var key = PostgresServer.ReadModelLockOf(PostgresLock.Projector);
            using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({key})", connection);
            return command.ExecuteScalar() is false;
        }
    }

    /// <inheritdoc/>
    public override void Follow(string epoch)
    {
        using var session = Session(server.ReadModel.OpenConnection());
        session.Execute(SetEpoch, [epoch]);
    }

    /// <inheritdoc/>
    public override void Replace(string epoch, bool isWhole, bool keepsMeasurements)
    {
        using var readModel = OpenSchema(server.ReadModelSchema);
        readModel.Run(transaction =>
        {
            if (keepsMeasurements && Ask<bool>(SchemaExists, server.ReadModelSchema))
            {
                transaction.Execute($"DROP SCHEMA IF EXISTS {NameOf(ReadModelCopy.Previous)} CASCADE");
                transaction.Execute($"ALTER SCHEMA {server.ReadModelSchema} RENAME TO {NameOf(ReadModelCopy.Previous)}");
            }

            transaction.Execute($"DROP SCHEMA IF EXISTS {server.ReadModelSchema} CASCADE");
            transaction.Execute($"CREATE SCHEMA {server.ReadModelSchema}");
            schema.CreateTables(transaction, epoch);
            schema.CompleteIndexes(transaction);
            if (isWhole)
            {
                SetWhole(transaction, server.ReadModelSchema);
            }
        });
        isThere = true;
    }

    /// <inheritdoc/>
    public override void Create(ReadModelCopy copy, string epoch)
    {
        Drop(copy);
        using var readModel = OpenSchema(NameOf(copy));
        readModel.Run(transaction =>
        {
            transaction.Execute($"CREATE SCHEMA {NameOf(copy)}");
            schema.CreateTables(transaction, epoch);
        });
    }

    /// <inheritdoc/>
    public override BulkReadModel OpenCopy(ReadModelCopy copy) => OpenSchema(NameOf(copy));

    /// <inheritdoc/>
    public override void Drop(ReadModelCopy copy)
    {
        using var command = server.ReadModel.CreateCommand($"DROP SCHEMA IF EXISTS {NameOf(copy)} CASCADE");
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override void Install(ReadModelCopy copy)
    {
        // Renamed is the schema, not a table of it: readers that are under way go on with the old one, and nobody waits for them.
        var old = $"{server.ReadModelSchema}_old_{Guid.NewGuid():N}";
        using (var readModel = OpenSchema(NameOf(copy)))
        {
            readModel.Run(transaction =>
            {
                transaction.Execute($"ALTER SCHEMA {server.ReadModelSchema} RENAME TO {old}");
                transaction.Execute($"ALTER SCHEMA {NameOf(copy)} RENAME TO {server.ReadModelSchema}");
                SetWhole(transaction, server.ReadModelSchema);
            });
        }

        try
        {
            using var connection = server.Open(PostgresServer.LogSchema, "-c lock_timeout=2000");
            using var command = new NpgsqlCommand($"DROP SCHEMA {old} CASCADE", connection);
            command.ExecuteNonQuery();
        }
        catch (NpgsqlException)
        {
            // Somebody still reads it: it goes with DropUnused.
        }
    }

    /// <inheritdoc/>
    public override void DropUnused(IReadOnlyCollection<int> inUse)
    {
        List<string> schemas = [];
        using (var command = server.ReadModel.CreateCommand(AllReadModels))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                schemas.Add(reader.GetString(0));
            }
        }

        foreach (var name in schemas.Where(name => !IsUsed(name, inUse)))
        {
            using var command = server.ReadModel.CreateCommand($"DROP SCHEMA IF EXISTS {name} CASCADE");
            command.ExecuteNonQuery();
        }
    }

    // read_model_7, and what is built beside it: read_model_7_building. One that was replaced has "old" in its name, and should be gone.
    private static bool IsUsed(string name, IReadOnlyCollection<int> inUse) =>
        name.Replace(Prefix, OldPrefix, StringComparison.Ordinal).Split('_') is [_, var version, .. var rest]
        && rest is not ["old", ..]
        && int.TryParse(version, CultureInfo.InvariantCulture, out var number)
        && (number == Storage.ReadModelSchema.Version || inUse.Contains(number));

    /// <inheritdoc/>
    public override CarriedOver Measurements(ReadModelCopy? copy)
    {
        var statements = new Statements(Session(server.Open(copy is { } beside ? NameOf(beside) : server.ReadModelSchema, "")));
        try
        {
            return CarriedOver.From(statements);
        }
        catch (PostgresException)
        {
            statements.Dispose(); // there is none, or it kept none
            return CarriedOver.Nothing;
        }
    }

    /// <inheritdoc/>
    public override void Complete(WriteTransaction transaction, ReadModelCopy copy)
    {
        schema.CompleteIndexes(transaction);
        SetWhole(transaction, NameOf(copy));
    }

    /// <inheritdoc/>
    public override (string Own, string InUse) BeginComparison(SqlSession readModel, ReadModelCopy copy)
    {
        readModel.Execute("SET enable_seqscan = on; SET enable_hashjoin = on; SET enable_mergejoin = on", []);
        readModel.BeginView();
        readModel.Execute($"SELECT \"Seq\" FROM {server.ReadModelSchema}.\"Position\"", []); // the view is taken with the first read
        return (NameOf(copy) + ".", server.ReadModelSchema + ".");
    }

    private string NameOf(ReadModelCopy copy) =>
        copy switch
        {
            ReadModelCopy.Building => server.ReadModelSchema + "_building",
            ReadModelCopy.Second => server.ReadModelSchema + "_second",
            ReadModelCopy.Previous => server.ReadModelSchema + "_previous",
            _ => throw new ArgumentOutOfRangeException(nameof(copy)),
        };

    private BulkReadModel OpenSchema(string name) =>
        new(Session(server.Open(name, "-c synchronous_commit=off " + PostgresServer.KeyLookUps, TimeSpan.FromHours(1))), Entities);

    private PostgresSession Session(NpgsqlConnection connection) => new(connection, columns.Value, writerLock: null);

    private static ReadModelDbContext Entities(SqlSession session)
    {
        var context = new ReadModelDbContext(new DbContextOptionsBuilder<ReadModelDbContext>().UseNpgsql(session.Connection).Options);
        if (((PostgresSession)session).Transaction is { } view)
        {
            context.Database.UseTransaction(view);
        }

        return context;
    }

    private static void SetWhole(WriteTransaction transaction, string name) =>
        transaction.Execute($"COMMENT ON SCHEMA {name} IS '{Whole}'");

    private T? Ask<T>(string sql, string name)
    {
        using var command = server.ReadModel.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        return command.ExecuteScalar() is T value ? value : default;
    }
}
