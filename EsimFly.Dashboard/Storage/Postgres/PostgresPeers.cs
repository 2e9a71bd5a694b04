using System.Threading.Channels;
using EsimFly.Dashboard.Storage.Workers;
using Npgsql;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>
/// Carries news between the instances by the database's own means, <c>NOTIFY</c> and <c>LISTEN</c>, on two connections of its own. After
/// a line was down it says that something may have been missed, and everything is read again.
/// </summary>
internal sealed partial class PostgresPeers(PostgresServer server, TimeProvider time, ILogger<PostgresPeers> logger)
    : Peers,
        IHostedService,
        IDisposable
{
    private readonly RepeatedFaults faults = new(time);
    private const string ChannelName = "esimfly";

    // A payload must be shorter than 8,000 bytes (postgresql.org/docs/current/sql-notify.html).
    private const int LongestText = 7000;

    private const string Send = $"SELECT pg_notify('{ChannelName}', n) FROM unnest($1::text[]) WITH ORDINALITY AS t(n, i) ORDER BY i";

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly string own = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource stopping = new();
    private readonly Channel<PeerNews> outgoing = Channel.CreateBounded<PeerNews>(
        new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }
    );

    private Task running = Task.CompletedTask;
    private int isEnding;

    /// <inheritdoc/>
    public override bool AreThere => true;

    /// <inheritdoc/>
    public override void Tell(string about, string text) => outgoing.Writer.TryWrite(new(about, text));

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = Task.WhenAll(
            Task.Run(() => RepeatAsync(ListenAsync), CancellationToken.None),
            Task.Run(() => RepeatAsync(SpeakAsync), CancellationToken.None)
        );
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

    private async Task RepeatAsync(Func<CancellationToken, Task> work)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                if (faults.IsToBeLogged(fault, out var times))
                {
                    Log.LineDown(logger, times, fault.GetBaseException().Message);
                }

                await Task.Delay(TryAgainAfter, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = server.Open(PostgresServer.LogSchema, "", AskEvery);
        connection.Notification += (_, news) => Hear(news.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {ChannelName}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        Pass(new(PeerNews.Missed, ""));
        while (true)
        {
            if (!await connection.WaitAsync(AskEvery, cancellationToken))
            {
                // Silence may be a line that is cut: one that answers is not.
                await using var ask = new NpgsqlCommand("SELECT 1", connection);
                await ask.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private async Task SpeakAsync(CancellationToken cancellationToken)
    {
        await using var connection = server.Open(PostgresServer.LogSchema, "-c synchronous_commit=off", AskEvery);
        var texts = new List<string>();
        while (await outgoing.Reader.WaitToReadAsync(cancellationToken))
        {
            // Those that come within a moment go together, and of which only the last counts it stands for all.
            await Task.Delay(Gather, time, cancellationToken);
            Take(texts);
            await using var command = new NpgsqlCommand(Send, connection);
            command.Parameters.Add(new NpgsqlParameter { Value = texts.ToArray() });
            await command.ExecuteNonQueryAsync(cancellationToken);
            texts.Clear();
        }
    }

    private void Take(List<string> texts)
    {
        var last = new Dictionary<string, PeerNews>(StringComparer.Ordinal);
        while (outgoing.Reader.TryRead(out var news))
        {
            if (news.About is PeerNews.Live)
            {
                texts.Add($"{own}|{news.About}|{(news.Text.Length > LongestText ? "" : news.Text)}");
            }
            else
            {
                last[news.About] = news;
            }
        }

        texts.AddRange(last.Values.Select(news => $"{own}|{news.About}|{news.Text}"));
    }

    // From whom, what about, and what: what comes from the database itself is from nobody.
    private void Hear(string payload)
    {
        if (payload.Split('|', 3) is [var from, var about, var text] && !string.Equals(from, own, StringComparison.Ordinal))
        {
            Pass(new(about, text));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "The line to the other instances is down; it is tried again. Tries since the last such line: {Times}. {Reason}"
        )]
        public static partial void LineDown(ILogger logger, int times, string reason);
    }
}
