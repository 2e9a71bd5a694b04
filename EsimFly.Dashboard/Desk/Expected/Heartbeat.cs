using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>
/// Notes every few seconds that the desk runs, and at its start, or when it finds that it was paused, for how long it did not run.
/// </summary>
internal sealed partial class Heartbeat(LogWriter writer, TimeProvider time, ILogger<Heartbeat> logger) : BackgroundService
{
    private const int MostDowntimes = 20;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    // Less than a restart takes is no downtime: eSIMfly's second attempt makes it good.
    private static readonly TimeSpan Unremarkable = TimeSpan.FromSeconds(60);

    /// <summary>Notes a sign of life.</summary>
    public Task BeatAsync(CancellationToken cancellationToken)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        return writer.WriteAsync(
            transaction =>
            {
                var line = Lifeline.Setting.Read(transaction);
                var wasDown = line.LastMs > 0 && nowMs - line.LastMs > Unremarkable.TotalMilliseconds;
                Lifeline.Setting.Write(
                    transaction,
                    new()
                    {
                        LastMs = nowMs,
                        Downtimes = wasDown
                            ? [new Downtime(line.LastMs, nowMs), .. line.Downtimes.Take(MostDowntimes - 1)]
                            : line.Downtimes,
                    }
                );
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await BeatAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // A storage that takes nothing is as good as a desk that is down; the next beat that is taken shows it.
                Log.NotNoted(logger, fault);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A heartbeat could not be stored.")]
        public static partial void NotNoted(ILogger logger, Exception fault);
    }
}
