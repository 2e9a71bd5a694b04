using System.Globalization;
using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Storage.Workers;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>
/// The leases of one instance: advisory locks on a connection of its own. The server ends a session that is silent for five seconds, and
/// with it its locks: of an instance that was killed, is frozen, or has lost its connection. An instance that could not renew for four
/// seconds no longer counts as holder; what it still writes to the read model is refused by the read model's position.
/// </summary>
internal sealed partial class PostgresLeases(
    PostgresServer server,
    ReadModelState state,
    IOptions<StorageOptions> options,
    TimeProvider time,
    ILogger<PostgresLeases> logger
) : Leases, IHostedService, IDisposable
{
    private readonly RepeatedFaults faults = new(time);
    private const string Settings = "-c idle_session_timeout=5000 -c synchronous_commit=off";

    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(4);

    private const string Beat = """
        INSERT INTO "Instances" AS i (
            "Id", "Name", "Version", "DeskVersion", "StartedAtMs", "SeenAtMs", "IsProjector", "IsCaretaker", "Position")
        VALUES ($1, $2, $3, $4, $5, (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint, $6, $7, $8)
        ON CONFLICT ("Id") DO UPDATE SET "SeenAtMs" = excluded."SeenAtMs", "IsProjector" = excluded."IsProjector",
            "IsCaretaker" = excluded."IsCaretaker", "Position" = excluded."Position"
        """;

    private const string Forget = """
        DELETE FROM "Instances" WHERE "Id" = $1 OR "SeenAtMs" < (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint - 86400000
        """;

    private readonly string id = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private int isEnding;
    private volatile bool isProjector;
    private volatile bool isLeader;
    private long confirmedAt;

    /// <inheritdoc/>
    public override string Instance => id;

    /// <inheritdoc/>
    public override bool IsProjector => isProjector && IsConfirmed;

    /// <inheritdoc/>
    public override bool IsLeader => isLeader && IsConfirmed;

    private bool IsConfirmed => time.GetElapsedTime(Interlocked.Read(ref confirmedAt)) < GoodFor;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref isEnding, 1) == 0)
        {
            await stopping.CancelAsync(); // a host may be stopped twice
        }

        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Interlocked.Exchange(ref isEnding, 1);
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var startedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await HoldAsync(startedAtMs, stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                if (faults.IsToBeLogged(fault, out var times))
                {
                    Log.Lost(logger, times, fault.GetBaseException().Message);
                }
            }

            (isProjector, isLeader) = (false, false);
            await Task.Delay(AskEvery, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task HoldAsync(long startedAtMs, CancellationToken cancellationToken)
    {
        await using var connection = server.Open(PostgresServer.LogSchema, Settings, AnsweredWithin);
        try
        {
            while (true)
            {
                var asked = time.GetTimestamp();
                var (wasProjector, wasLeader) = (isProjector, isLeader);
                isProjector = isProjector || await TryAsync(connection, PostgresServer.ReadModelLockOf(PostgresLock.Projector));
                // A read model that is not built yet has nothing to raise, and must end nothing.
                isLeader = isLeader || (state.Building is null && await TryAsync(connection, PostgresServer.LockOf(PostgresLock.Leader)));
                await BeatAsync(connection, startedAtMs, cancellationToken);
                Interlocked.Exchange(ref confirmedAt, asked);
                if ((wasProjector, wasLeader) != (isProjector, isLeader))
                {
                    Log.Has(logger, isProjector, isLeader);
                }

                await Task.Delay(AskEvery, time, cancellationToken);
            }
        }
        finally
        {
            await SignOffAsync(connection);
        }
    }

    private static async Task<bool> TryAsync(NpgsqlConnection connection, string key)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({key})", connection);
        return (bool)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    private async Task BeatAsync(NpgsqlConnection connection, long startedAtMs, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Beat, connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = Name() },
                new() { Value = ProgramVersion.Text },
                new() { Value = ReadModelSchema.Version },
                new() { Value = startedAtMs },
                new() { Value = isProjector },
                new() { Value = isLeader },
                new() { Value = state.Position },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task SignOffAsync(NpgsqlConnection connection)
    {
        if (!stopping.IsCancellationRequested)
        {
            return; // the line is down
        }

        try
        {
            await using var command = new NpgsqlCommand(Forget, connection) { Parameters = { new() { Value = id } } };
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // It is not seen again, and goes with the next one that signs off.
        }
    }

    private string Name() =>
        options.Value.InstanceName is { Length: > 0 } name
            ? name
            : string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "This instance holds the lease of the projection: {IsProjector}, of what the leader does: {IsLeader}."
        )]
        public static partial void Has(ILogger logger, bool isProjector, bool isLeader);

        [LoggerMessage(
            2,
            LogLevel.Warning,
            "The database cannot be reached to renew the leases; this instance gives them up meanwhile. "
                + "Tries since the last such line: {Times}. {Reason}"
        )]
        public static partial void Lost(ILogger logger, int times, string reason);
    }
}
