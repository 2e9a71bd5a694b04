using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>
/// The PostgreSQL database that <c>ConnectionStrings:Desk</c> names. The two stores are two schemas of it: <c>log</c>, and one for the
/// read model that has the read model's version in its name, so that instances of two versions can work beside each other while they are
/// updated.
/// </summary>
internal sealed partial class PostgresServer : IAsyncDisposable
{
    /// <summary>The schema of the event log.</summary>
    public const string LogSchema = "log";

    // The namespace of this program's advisory locks: "eSIM" in ASCII.
    private const int Locks = 0x6553494D;

    private const int OldestVersion = 14_00_00; // idle_session_timeout

    private const int MostPrepared = 300;

    private const string ReadSettings = """
        SELECT current_setting('server_version_num')::integer, current_setting('fsync'), current_setting('synchronous_commit'),
            current_setting('server_encoding'), pg_is_in_recovery(), current_setting('full_page_writes')
        """;

    private static readonly TimeSpan WaitAtMost = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private const int WordsEvery = 10;

    private readonly TimeProvider time;
    private readonly string given;
    private readonly TimeSpan lockTimeout;

    /// <summary>Reads the setting; nothing is opened yet.</summary>
    /// <exception cref="StorageSetupException">The setting is missing or cannot be read.</exception>
    public PostgresServer(IConfiguration configuration, IOptions<StorageOptions> options, TimeProvider time)
    {
        this.time = time;
        given =
            configuration.GetConnectionString("Desk")
            ?? throw new StorageSetupException(
                "Storage:Provider is Postgres, but ConnectionStrings:Desk is not set: name the database, as in "
                    + "Host=db;Database=esimfly;Username=esimfly;Password=…"
            );
        lockTimeout = options.Value.LockTimeout;
        ReadModelSchema = string.Create(CultureInfo.InvariantCulture, $"read_model_{Storage.ReadModelSchema.Version}");
        try
        {
            var named = new NpgsqlConnectionStringBuilder(given);
            Place = $"{named.Database} on {named.Host}";
        }
        catch (ArgumentException fault)
        {
            throw new StorageSetupException($"ConnectionStrings:Desk cannot be read: {fault.Message}", fault);
        }

        Log = NpgsqlDataSource.Create(ConnectionString(LogSchema, isPooled: true, DurableCommits));
        ReadModel = NpgsqlDataSource.Create(ConnectionString(ReadModelSchema, isPooled: true));
    }

    /// <summary>The schema of the read model that is in use.</summary>
    public string ReadModelSchema { get; }

    /// <summary>The database, in words.</summary>
    public string Place { get; }

    /// <summary>Connections to the event log.</summary>
    public NpgsqlDataSource Log { get; }

    /// <summary>Connections to the read model.</summary>
    public NpgsqlDataSource ReadModel { get; }

    // A commit is on disk when it returns, whatever somebody sets as the default later; a stronger one may be asked for.
    private string DurableCommits =>
        given.Contains("synchronous_commit", StringComparison.OrdinalIgnoreCase) ? "" : "-c synchronous_commit=on";

    /// <summary>Opens a connection of its own to a schema.</summary>
    /// <param name="schema">Where names are looked up.</param>
    /// <param name="settings">Settings of the session, as <c>-c name=value</c>.</param>
    /// <param name="commandTimeout">How long a statement may take; null for half a minute.</param>
    public NpgsqlConnection Open(string schema, string settings, TimeSpan? commandTimeout = null)
    {
        var connection = new NpgsqlConnection(ConnectionString(schema, isPooled: false, settings, commandTimeout));
        try
        {
            connection.Open();
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        return connection;
    }

    /// <summary>Opens the connection that a store is written through.</summary>
    public NpgsqlConnection OpenForWriting(string schema, bool isDurable) =>
        // A process that stands still in the middle of a transaction must not keep all others from writing.
        Open(
            schema,
            string.Create(
                CultureInfo.InvariantCulture,
                $"-c idle_in_transaction_session_timeout=5000 -c lock_timeout={(int)lockTimeout.TotalMilliseconds} "
            ) + (isDurable ? DurableCommits : "-c synchronous_commit=off " + KeyLookUps)
        );

    /// <summary>
    /// All statements of the projection are look-ups by key: the planner is kept from reading whole tables where it knows too little of
    /// them yet, and from planning each time.
    /// </summary>
    public static string KeyLookUps =>
        "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_material=off -c plan_cache_mode=force_generic_plan "
        + "-c jit=off";

    /// <summary>The number of an advisory lock of this program, as two arguments.</summary>
    public static string LockOf(PostgresLock one) => string.Create(CultureInfo.InvariantCulture, $"{Locks}, {(int)one}");

    /// <summary>The same for one of the read model of this version.</summary>
    public static string ReadModelLockOf(PostgresLock one) =>
        string.Create(CultureInfo.InvariantCulture, $"{Locks}, {(int)one + (Storage.ReadModelSchema.Version * 100)}");

    /// <summary>Checks that what is committed there is safe.</summary>
    /// <exception cref="StorageSetupException">It is not; the message says what to change.</exception>
    public void Check()
    {
        using var connection = Log.OpenConnection();
        using var command = new NpgsqlCommand(ReadSettings, connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        var problem =
            reader.GetInt32(0) < OldestVersion ? $"PostgreSQL {reader.GetInt32(0) / 10_000} is too old; 14 or later is needed."
            : reader.GetString(1) is not "on"
                ? "The server runs with fsync=off: a power cut would lose deliveries that were answered 200. Set fsync=on."
            : reader.GetString(5) is not "on"
                ? "The server runs with full_page_writes=off: a power cut could damage the log. Set full_page_writes=on."
            : reader.GetString(2) is "off" or "local" && DurableCommits.Length == 0
                ? "ConnectionStrings:Desk sets synchronous_commit to less than on: a commit must be on disk before it is answered."
            : reader.GetString(3) is not "UTF8" ? $"The database's encoding is {reader.GetString(3)}; UTF8 is needed."
            : reader.GetBoolean(4) ? "The server is a standby: it can only be read."
            : null;
        if (problem is not null)
        {
            throw new StorageSetupException(problem);
        }
    }

    /// <summary>Waits until the server answers, with a line in the log each ten seconds.</summary>
    /// <exception cref="StorageAwayException">It did not within a minute.</exception>
    public async Task WaitAsync(ILogger logger, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var connection = await Log.OpenConnectionAsync(cancellationToken);
                return;
            }
            catch (Exception fault) when (IsAway(fault))
            {
                var cause = fault.GetBaseException().Message;
                if (time.GetElapsedTime(started) >= WaitAtMost)
                {
                    throw new StorageAwayException($"{Place} did not answer for {WaitAtMost.TotalSeconds:0} seconds: {cause}", fault);
                }

                if (tries % WordsEvery == 0)
                {
                    Words.Waiting(logger, Place, cause);
                }

                await Task.Delay(AskEvery, time, cancellationToken);
            }
        }
    }

    /// <summary>Whether a server that cannot be reached, starts, stops or is full may answer later by itself.</summary>
    internal static bool IsAway(Exception fault) =>
        fault switch
        {
            PostgresException { SqlState: ['0', '8', ..] or "57P01" or "57P02" or "57P03" or "53300" } => true,
            PostgresException => false, // a password, a name, a right: somebody has to mend it
            NpgsqlException { InnerException: TimeoutException or IOException } => true,
            SocketException => true, // a name that is not known yet comes as it is
            _ => fault.InnerException is { } cause && IsAway(cause),
        };

    /// <summary>Whether the connection was lost, so that a read may be repeated on another one.</summary>
    internal static bool IsLost(Exception fault) =>
        fault switch
        {
            PostgresException { SqlState: ['0', '8', ..] or "57P01" or "57P02" or "57P05" } => true,
            PostgresException => false,
            NpgsqlException { InnerException: IOException or SocketException } or SocketException => true,
            _ => false, // a timeout is none: to ask again would double the wait
        };

    /// <summary>Makes a builder's contexts use the server; a read that meets a lost connection is repeated once.</summary>
    internal static void Configure(DbContextOptionsBuilder builder, NpgsqlDataSource source) =>
        builder
            .UseNpgsql(source, static npgsql => npgsql.ExecutionStrategy(static dependencies => new ReadAgain(dependencies)))
            .AddInterceptors(StorableParameters.Instance)
            .LogFaultsOnce();

    /// <summary>What is wrong, judged from the driver's error; nothing where it is no error of the server's.</summary>
    public static StorageFault Classify(Exception fault) =>
        fault switch
        {
            PostgresException { SqlState: "53100" } => StorageFault.DiskFull,
            PostgresException { SqlState: "55P03" or "40001" or "40P01" } => StorageFault.Locked,
            PostgresException { SqlState: ['0', '8', ..] or ['5', '3' or '7' or '8', ..] } => StorageFault.Unusable,
            PostgresException { SqlState: "25P03" or "25006" or "58000" or "58030" or "XX001" or "XX002" } => StorageFault.Unusable,
            PostgresException { SqlState: "42P01" or "3F000" } => StorageFault.Unusable, // the tables are gone
            // A changed password, a role or database that is gone, a right that was taken away: it may be given back.
            PostgresException { SqlState: ['2', '8', ..] or "3D000" or "42501" } => StorageFault.Unusable,
            PostgresException => StorageFault.None,
            NpgsqlException or TimeoutException or DbException or SocketException => StorageFault.Unusable,
            InvalidOperationException when fault.Source is "Npgsql" => StorageFault.Unusable, // on a connection that has broken
            _ => StorageFault.None,
        };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await ReadModel.DisposeAsync();
    }

    private static partial class Words
    {
        [LoggerMessage(1, LogLevel.Warning, "{Place} does not answer yet; waiting for it. {Cause}")]
        public static partial void Waiting(ILogger logger, string place, string cause);
    }

    private string ConnectionString(string schema, bool isPooled, string settings = "", TimeSpan? commandTimeout = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(given)
        {
            SearchPath = schema,
            Pooling = isPooled,
            MaxAutoPrepare = MostPrepared,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false, // it has values of rows in it
        };
        builder.ApplicationName ??= "EsimFly.Dashboard";
        builder.Options = $"{settings} {builder.Options}".Trim();
        if (!builder.ContainsKey("Timeout") || builder.Timeout > 5)
        {
            builder.Timeout = 5;
        }

        if (commandTimeout is { } most)
        {
            builder.CommandTimeout = (int)Math.Ceiling(most.TotalSeconds);
        }

        if (builder.KeepAlive == 0)
        {
            builder.KeepAlive = 5;
        }

        return builder.ToString();
    }
}

/// <summary>What an advisory lock is for.</summary>
internal enum PostgresLock
{
    /// <summary>Preparing the stores at start.</summary>
    Start = 1,

    /// <summary>Writing to the event log.</summary>
    LogWriter,

    /// <summary>Writing to the read model.</summary>
    ReadModelWriter,

    /// <summary>Projecting the log into the read model.</summary>
    Projector,

    /// <summary>What one instance does for all: alerts, synchronising, retention.</summary>
    Leader,
}
