using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>
/// Notes every few seconds that the desk runs, and at its start, or when it finds that it was paused, for how long it did not run. By the
/// database's clock where several instances share one, so that a machine whose clock is wrong makes up no downtime.
/// </summary>
internal sealed partial class Heartbeat(LogDatabase database, LogWriter writer, TimeProvider time, ILogger<Heartbeat> logger)
    : PeriodicWorker(time, logger)
{
    /// <summary>By so much this machine's clock may differ from the database's.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private const int MostDowntimes = 20;

    // Less than a restart takes is no downtime: eSIMfly's second attempt makes it good.
    private static readonly TimeSpan Unremarkable = TimeSpan.FromSeconds(60);

    private long aheadMs;

    /// <summary>By how much this machine's clock is ahead of the database's; negative where it is behind.</summary>
    public TimeSpan ClockAhead => TimeSpan.FromMilliseconds(Interlocked.Read(ref aheadMs));

    /// <inheritdoc/>
    protected override TimeSpan UntilNext { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Notes a sign of life.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        var ahead = await writer.WriteAsync(
            transaction =>
            {
                var ownMs = Time.GetUtcNow().ToUnixTimeMilliseconds();
                var nowMs = database.ClockMs(transaction) ?? ownMs;
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
                return ownMs - nowMs;
            },
            cancellationToken
        );
        var wasOff = ClockAhead.Duration() >= ClockTolerance;
        Interlocked.Exchange(ref aheadMs, ahead);
        if (!wasOff && ClockAhead.Duration() >= ClockTolerance)
        {
            Log.ClockIsOff(logger, ClockAhead.TotalSeconds);
        }
    }

    // A storage that takes nothing is as good as an application that is down: the next beat that is taken shows it.
    /// <inheritdoc/>
    protected override Task TickAsync(CancellationToken stoppingToken) => BeatAsync(stoppingToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "This machine's clock is {Seconds:0.0} s ahead of the database's. Synchronise it (NTP).")]
        public static partial void ClockIsOff(ILogger logger, double seconds);
    }
}
