using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>
/// Notes every few seconds that the desk runs, and at its start, or when it finds that it was paused, for how long it did not run.
/// </summary>
internal sealed class Heartbeat(LogWriter writer, TimeProvider time, ILogger<Heartbeat> logger) : PeriodicWorker(time, logger)
{
    private const int MostDowntimes = 20;

    // Less than a restart takes is no downtime: eSIMfly's second attempt makes it good.
    private static readonly TimeSpan Unremarkable = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    protected override TimeSpan UntilNext { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Notes a sign of life.</summary>
    public Task BeatAsync(CancellationToken cancellationToken)
    {
        var nowMs = Time.GetUtcNow().ToUnixTimeMilliseconds();
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

    // A storage that takes nothing is as good as an application that is down: the next beat that is taken shows it.
    /// <inheritdoc/>
    protected override Task TickAsync(CancellationToken stoppingToken) => BeatAsync(stoppingToken);
}
