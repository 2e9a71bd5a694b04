using System.Globalization;
using EsimFly.Dashboard.Storage.Postgres;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage.Moving;

/// <summary>The database that <c>ConnectionStrings:Desk</c> names as one end of a move.</summary>
internal sealed class PostgresEnd : MoveEnd
{
    private const string AllTables = $"SELECT tablename::text FROM pg_tables WHERE schemaname = '{PostgresServer.LogSchema}'";

    // An instance says every second or two that it is alive, and takes itself out when it ends.
    private const string Alive = """
        SELECT string_agg("Name", ', ' ORDER BY "Name") FROM "Instances"
        WHERE "SeenAtMs" > (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint - 30000
        """;

    private readonly PostgresServer server;
    private readonly PostgresStartLock start;
    private readonly PostgresReadModelDatabase readModel;

    /// <summary>Reads the setting; nothing is opened yet.</summary>
    /// <exception cref="StorageSetupException">The setting cannot be read.</exception>
    public PostgresEnd(IConfiguration configuration, IOptions<StorageOptions> options)
    {
        server = new PostgresServer(configuration, options, TimeProvider.System);
        start = new PostgresStartLock(server);
        readModel = new PostgresReadModelDatabase(server);
        Log = new PostgresLogDatabase(server);
    }

    /// <inheritdoc/>
    public override LogDatabase Log { get; }

    /// <inheritdoc/>
    public override string HowToEmpty =>
        $"Name another database, or drop the schemas {PostgresServer.LogSchema} and {server.ReadModelSchema} of this one.";

    /// <inheritdoc/>
    public override string HowToUse =>
        "Set Storage:Provider=Postgres and leave ConnectionStrings:Desk as it is for this command, and start the desk: it derives "
        + "everything else from the log.";

    /// <inheritdoc/>
    public override string? ReadModel => readModel.Exists ? $"the schema {server.ReadModelSchema} of {server.Place}" : null;

    /// <inheritdoc/>
    public override IReadOnlySet<string> KnownMigrations
    {
        get
        {
            using var context = new PostgresLogDbContext(new DbContextOptionsBuilder<PostgresLogDbContext>().UseNpgsql().Options);
            return context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <inheritdoc/>
    public override string? Take()
    {
        start.Take(); // an instance that starts meanwhile waits for it
        return FindUser();
    }

    /// <inheritdoc/>
    public override string? FindUser()
    {
        if (!Log.Exists)
        {
            return null;
        }

        using var statements = Log.Open();
        return statements.Scalar<string>(Alive) is { } names
            ? $"{server.Place} is in use by {names}: what comes in would be missed. Stop every instance first; one that was killed counts "
                + "as alive for half a minute."
            : null;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Tables(Statements store) => store.Query(AllTables, static row => row.GetString(0));

    /// <inheritdoc/>
    public override void Prepare() => Log.Migrate();

    /// <inheritdoc/>
    public override long LastNumber(Statements store, MovedTable table) =>
        store.Scalar<long>($"SELECT pg_sequence_last_value({SequenceOf(table)}::regclass)");

    /// <inheritdoc/>
    public override void NumberAfter(WriteTransaction transaction, MovedTable table, long last)
    {
        if (last > LastNumber(transaction, table))
        {
            transaction.Scalar<long>(string.Create(CultureInfo.InvariantCulture, $"SELECT setval({SequenceOf(table)}, {last})"));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            start.Dispose();
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static string SequenceOf(MovedTable table) =>
        $"pg_get_serial_sequence('{PostgresServer.LogSchema}.\"{table.Name}\"', '{table.NumberedBy}')";
}
