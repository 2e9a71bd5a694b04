using System.Globalization;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>
/// The schema of the desk, <c>desk_</c> and its version, written with <c>synchronous_commit=off</c>. Others are schemas beside it; to put
/// one in its place is to rename two. That a desk is whole stands in its schema's comment.
/// </summary>
internal sealed class PostgresDeskDatabase : DeskDatabase
{
    private const string Whole = "whole";

    private const string ReadMark = """SELECT "Seq", "Epoch" FROM "Position" """;

    private const string SetEpoch = """UPDATE "Position" SET "Epoch" = @p0""";

    private const string CommentOf = "SELECT obj_description(to_regnamespace($1)::oid, 'pg_namespace')";

    private const string AllDesks = """SELECT nspname FROM pg_namespace WHERE nspname ~ '^desk_[0-9]+(_[a-z0-9_]+)?$'""";

    private const string SchemaExists = "SELECT to_regnamespace($1) IS NOT NULL";

    private readonly PostgresServer server;
    private readonly Lazy<PostgresColumns> columns;
    private readonly DeskSchema schema = new(static builder => builder.UseNpgsql("Host=localhost"), static table => table);
    private bool isThere;

    /// <summary>Names the schema; nothing is opened yet.</summary>
    public PostgresDeskDatabase(PostgresServer server)
    {
        this.server = server;
        columns = new(() =>
        {
            var builder = new DbContextOptionsBuilder<DeskDbContext>();
            Configure(builder);
            using var context = new DeskDbContext(builder.Options);
            return new PostgresColumns(context.Model);
        });
    }

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override long Bytes => PostgresLogDatabase.SizeOfSchema(server.Desk, server.DeskSchema);

    /// <inheritdoc/>
    public override bool Exists => isThere || (isThere = Ask<bool>(SchemaExists, server.DeskSchema));

    /// <inheritdoc/>
    public override void Configure(DbContextOptionsBuilder builder) =>
        builder.UseNpgsql(server.Desk).ConfigureWarnings(static warnings => warnings.Log((RelationalEventId.CommandError, LogLevel.Debug)));

    /// <inheritdoc/>
    public override Statements Open() => new(Session(server.Desk.OpenConnection()));

    /// <inheritdoc/>
    public override SqlSession OpenForWriting() =>
        new PostgresSession(
            server.OpenForWriting(server.DeskSchema, isDurable: false),
            columns.Value,
            PostgresServer.DeskLockOf(PostgresLock.DeskWriter)
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
    public override ReadSnapshot<DeskDbContext> OpenSnapshot() => new(Session(server.Desk.OpenConnection()), Entities, static () => { });

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
    public override DeskMark? Inspect()
    {
        if (Ask<string>(CommentOf, server.DeskSchema) is not Whole)
        {
            return null;
        }

        try
        {
            using var statements = Open();
            return statements.Query(ReadMark, static row => new DeskMark(row.GetInt64(0), row.GetString(1))) is [var mark] ? mark : null;
        }
        catch (PostgresException)
        {
            return null; // without a position: it is worked out again
        }
    }

    /// <inheritdoc/>
    public override void Follow(string epoch)
    {
        using var session = Session(server.Desk.OpenConnection());
        session.Execute(SetEpoch, [epoch]);
    }

    /// <inheritdoc/>
    public override void Replace(string epoch, bool isWhole, bool keepsMeasurements)
    {
        using var desk = OpenSchema(server.DeskSchema);
        desk.Run(transaction =>
        {
            if (keepsMeasurements && Ask<bool>(SchemaExists, server.DeskSchema))
            {
                transaction.Execute($"DROP SCHEMA IF EXISTS {NameOf(DeskCopy.Previous)} CASCADE");
                transaction.Execute($"ALTER SCHEMA {server.DeskSchema} RENAME TO {NameOf(DeskCopy.Previous)}");
            }

            transaction.Execute($"DROP SCHEMA IF EXISTS {server.DeskSchema} CASCADE");
            transaction.Execute($"CREATE SCHEMA {server.DeskSchema}");
            schema.CreateTables(transaction, epoch);
            schema.CompleteIndexes(transaction);
            if (isWhole)
            {
                SetWhole(transaction, server.DeskSchema);
            }
        });
        isThere = true;
    }

    /// <inheritdoc/>
    public override void Create(DeskCopy copy, string epoch)
    {
        Drop(copy);
        using var desk = OpenSchema(NameOf(copy));
        desk.Run(transaction =>
        {
            transaction.Execute($"CREATE SCHEMA {NameOf(copy)}");
            schema.CreateTables(transaction, epoch);
        });
    }

    /// <inheritdoc/>
    public override BulkDesk OpenCopy(DeskCopy copy) => OpenSchema(NameOf(copy));

    /// <inheritdoc/>
    public override void Drop(DeskCopy copy)
    {
        using var command = server.Desk.CreateCommand($"DROP SCHEMA IF EXISTS {NameOf(copy)} CASCADE");
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override void Install(DeskCopy copy)
    {
        // Renamed is the schema, not a table of it: readers that are under way go on with the old one, and nobody waits for them.
        var old = $"{server.DeskSchema}_old_{Guid.NewGuid():N}";
        using (var desk = OpenSchema(NameOf(copy)))
        {
            desk.Run(transaction =>
            {
                transaction.Execute($"ALTER SCHEMA {server.DeskSchema} RENAME TO {old}");
                transaction.Execute($"ALTER SCHEMA {NameOf(copy)} RENAME TO {server.DeskSchema}");
                SetWhole(transaction, server.DeskSchema);
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
        using (var command = server.Desk.CreateCommand(AllDesks))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                schemas.Add(reader.GetString(0));
            }
        }

        foreach (var name in schemas.Where(name => !IsUsed(name, inUse)))
        {
            using var command = server.Desk.CreateCommand($"DROP SCHEMA IF EXISTS {name} CASCADE");
            command.ExecuteNonQuery();
        }
    }

    // desk_6, and what is worked out beside it: desk_6_building. One that was replaced has "old" in its name, and should be gone.
    private static bool IsUsed(string name, IReadOnlyCollection<int> inUse) =>
        name.Split('_') is [_, var version, .. var rest]
        && rest is not ["old", ..]
        && int.TryParse(version, CultureInfo.InvariantCulture, out var number)
        && (number == Storage.DeskSchema.Version || inUse.Contains(number));

    /// <inheritdoc/>
    public override CarriedOver Measurements(DeskCopy? copy)
    {
        var statements = new Statements(Session(server.Open(copy is { } beside ? NameOf(beside) : server.DeskSchema, "")));
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
    public override void Complete(WriteTransaction transaction, DeskCopy copy)
    {
        schema.CompleteIndexes(transaction);
        SetWhole(transaction, NameOf(copy));
    }

    /// <inheritdoc/>
    public override (string Own, string InUse) BeginComparison(SqlSession desk, DeskCopy copy)
    {
        desk.Execute("SET enable_seqscan = on; SET enable_hashjoin = on; SET enable_mergejoin = on", []);
        desk.BeginView();
        desk.Execute($"SELECT \"Seq\" FROM {server.DeskSchema}.\"Position\"", []); // the view is taken with the first read
        return (NameOf(copy) + ".", server.DeskSchema + ".");
    }

    private string NameOf(DeskCopy copy) =>
        copy switch
        {
            DeskCopy.Building => server.DeskSchema + "_building",
            DeskCopy.Second => server.DeskSchema + "_second",
            DeskCopy.Previous => server.DeskSchema + "_previous",
            _ => throw new ArgumentOutOfRangeException(nameof(copy)),
        };

    private BulkDesk OpenSchema(string name) =>
        new(Session(server.Open(name, "-c synchronous_commit=off " + PostgresServer.KeyLookUps, TimeSpan.FromHours(1))), Entities);

    private PostgresSession Session(NpgsqlConnection connection) => new(connection, columns.Value, writerLock: null);

    private static DeskDbContext Entities(SqlSession session)
    {
        var context = new DeskDbContext(new DbContextOptionsBuilder<DeskDbContext>().UseNpgsql(session.Connection).Options);
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
        using var command = server.Desk.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        return command.ExecuteScalar() is T value ? value : default;
    }
}
