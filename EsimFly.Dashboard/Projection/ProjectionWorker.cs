using System.Globalization;
using EsimFly.Dashboard.Inbox;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Observability;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Folds what the inbox keeps. The database is the queue; a signal only wakes the worker, and it sweeps by itself every two
/// seconds and at its start. A delivery that cannot be folded is tried five times and is then dead, and holds up no other.
/// </summary>
internal sealed partial class ProjectionWorker(
    DeliveryQueue queue,
    InboxSignal signal,
    DeliveryReader reader,
    StorageWriter writer,
    ChangeNotifier notifier,
    DashboardMetrics metrics,
    TimeProvider time,
    ILogger<ProjectionWorker> logger) : BackgroundService
{
    // So many are folded in one transaction that the inbox never waits for long.
    private const int BatchSize = 256;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(2);

    // After a round that emptied the queue, so that a stream of deliveries is folded in few transactions: each costs an fsync,
    // and the inbox waits for it. A delivery that comes alone finds the worker waiting, and is folded at once.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan[] RetryDelays =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    private long beatAt;

    /// <summary>How long ago the worker last went round.</summary>
    public TimeSpan SinceLastRound => time.GetElapsedTime(Interlocked.Read(ref beatAt));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Interlocked.Exchange(ref beatAt, time.GetTimestamp());
            try
            {
                PublishArrivals();
                switch (await ProcessWaitingAsync(stoppingToken).ConfigureAwait(false))
                {
                    case 0:
                        await signal.WaitAsync(SweepEvery, time, stoppingToken).ConfigureAwait(false);
                        break;
                    case < BatchSize:
                        await Task.Delay(Breath, time, stoppingToken).ConfigureAwait(false);
                        break;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StorageUnavailableException fault)
            {
                // Not the deliveries' fault: they wait until the storage works again.
                Log.StorageUnavailable(logger, fault.Fault);
                await Task.Delay(SweepEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception fault)
            {
                Log.RoundFailed(logger, fault);
                await Task.Delay(SweepEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void PublishArrivals()
    {
        var (deliveries, hasRejected) = signal.Take();
        var changes = deliveries.Select(delivery => new Change(Topic.Delivery, delivery.Seq.ToString(CultureInfo.InvariantCulture), delivery.IsTest)).ToList();
        if (hasRejected)
        {
            changes.Add(new Change(Topic.Rejected, "", IsTest: false));
        }

        if (changes.Count > 0)
        {
            notifier.Publish(changes);
        }
    }

    private async Task<int> ProcessWaitingAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var waiting = await queue.ReadWaitingAsync(BatchSize, NowMs(), cancellationToken).ConfigureAwait(false);
        if (waiting.Count == 0)
        {
            return 0;
        }

        try
        {
            await FoldAsync(waiting, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or StorageUnavailableException))
        {
            // One of them is poison. Nothing of the batch was written: try them one by one, and find out which.
            foreach (var delivery in waiting)
            {
                await FoldAloneAsync(delivery, cancellationToken).ConfigureAwait(false);
            }
        }

        metrics.Projected(time.GetElapsedTime(started));
        return waiting.Count;
    }

    private async Task FoldAsync(IReadOnlyList<ClaimedDelivery> deliveries, CancellationToken cancellationToken)
    {
        var prepared = deliveries.Select(reader.Read).ToList();
        var nowMs = NowMs();
        var changes = await writer.WriteAsync(transaction => Projector.Project(transaction, prepared, nowMs), cancellationToken).ConfigureAwait(false);
        notifier.Publish(changes);
        foreach (var item in prepared)
        {
            metrics.Ended(item.Event is null ? "quarantined" : "processed", TimeSpan.FromMilliseconds(nowMs - item.Delivery.ReceivedAtMs));
        }
    }

    private async Task FoldAloneAsync(ClaimedDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            await FoldAsync([delivery], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or StorageUnavailableException))
        {
            var isLast = delivery.Tries >= RetryDelays.Length;
            Log.FoldFailed(logger, delivery.Seq, delivery.Tries + 1, isLast, fault);
            var nowMs = NowMs();
            var nextTryAtMs = isLast ? (long?)null : nowMs + (long)RetryDelays[delivery.Tries].TotalMilliseconds;
            await writer.WriteAsync(
                transaction => DeliveryQueue.MarkFailed(transaction, delivery.Seq, nowMs, nextTryAtMs, $"{fault.GetType().Name} while folding."), cancellationToken).ConfigureAwait(false);
            notifier.Publish([new Change(Topic.Delivery, delivery.Seq.ToString(CultureInfo.InvariantCulture), delivery.IsTest)]);
            metrics.Ended(isLast ? "dead" : "failed", TimeSpan.FromMilliseconds(NowMs() - delivery.ReceivedAtMs));
        }
    }

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Delivery {Seq} could not be folded (try {Try}, the last: {IsLast}).")]
        public static partial void FoldFailed(ILogger logger, long seq, int @try, bool isLast, Exception fault);

        [LoggerMessage(2, LogLevel.Warning, "Folding waits: storage is failing ({Fault}).")]
        public static partial void StorageUnavailable(ILogger logger, Storage.StorageFault fault);

        [LoggerMessage(3, LogLevel.Error, "A round of the worker failed.")]
        public static partial void RoundFailed(ILogger logger, Exception fault);
    }
}
