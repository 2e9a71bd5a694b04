using System.Threading.Channels;
using EsimFly.Dashboard.Observability;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Inbox;

/// <summary>
/// The durable log of deliveries. Whatever waits is committed together (group commit); an append completes after the
/// fsync, so that a 200 may be answered.
/// </summary>
internal sealed partial class DeliveryInbox(
    StorageWriter writer,
    StorageSpace space,
    Sealer sealer,
    InboxSignal signal,
    DashboardMetrics metrics,
    TimeProvider time,
    IOptions<InboxOptions> options,
    ILogger<DeliveryInbox> logger) : BackgroundService
{
    private readonly Channel<InboxEntry> queue = Channel.CreateBounded<InboxEntry>(
        new BoundedChannelOptions(options.Value.QueueCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>How many wait for their commit.</summary>
    public int Waiting => queue.Reader.Count;

    /// <summary>Keeps a delivery.</summary>
    /// <param name="delivery">What to keep.</param>
    /// <param name="deadline">When the caller must answer; the delivery may still be kept after it.</param>
    /// <returns>What became of it. A delivery that is reported as kept is on disk.</returns>
    /// <exception cref="OperationCanceledException">The deadline came first.</exception>
    public async ValueTask<AppendResult> AppendAsync(NewDelivery delivery, CancellationToken deadline)
    {
        if (!space.HasRoom)
        {
            return new(AppendOutcome.DiskLow);
        }

        var entry = new AppendEntry(delivery, sealer.Seal(delivery.Body.Span, SealPurpose.Body));
        if (!queue.Writer.TryWrite(entry))
        {
            return new(AppendOutcome.QueueFull);
        }

        try
        {
            return await entry.Completion.Task.WaitAsync(deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            entry.IsLate = true;
            throw;
        }
    }

    /// <summary>Notes what an arrival was answered with. Kept with the next commit; lost, at worst, in a crash.</summary>
    public void Answered(long arrivalId, int status, TimeSpan duration) =>
        queue.Writer.TryWrite(new AnswerEntry(arrivalId, status, (long)duration.TotalMicroseconds));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Stopping completes the queue, and what waits in it is still committed.
        await using var registration = stoppingToken.Register(() => queue.Writer.TryComplete()).ConfigureAwait(false);
        var batch = new List<InboxEntry>(options.Value.BatchSize);
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (batch.Count < options.Value.BatchSize && queue.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            await CommitAsync(batch).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private async Task CommitAsync(List<InboxEntry> batch)
    {
        var started = time.GetTimestamp();
        try
        {
            await writer.WriteAsync(
                transaction =>
                {
                    foreach (var entry in batch)
                    {
                        entry.Write(transaction);
                    }
                },
                CancellationToken.None).ConfigureAwait(false);
            metrics.InboxCommitted(batch.Count, time.GetElapsedTime(started));
        }
        catch (Exception fault)
        {
            // Whatever went wrong, nothing of the batch was kept, and each sender must hear so.
            if (fault is not StorageUnavailableException)
            {
                Log.CommitFailed(logger, batch.Count, fault);
            }

            foreach (var entry in batch)
            {
                entry.Fail();
            }

            return;
        }

        var changed = new List<long>(batch.Count);
        foreach (var entry in batch)
        {
            entry.Complete();
            if (entry is AppendEntry append)
            {
                changed.Add(append.Result.Seq);
            }
        }

        signal.DeliveriesChanged(changed);
    }

    private abstract class InboxEntry
    {
        public abstract void Write(WriteTransaction transaction);

        public virtual void Complete()
        {
        }

        public virtual void Fail()
        {
        }
    }

    private sealed class AppendEntry(NewDelivery delivery, byte[] sealedBody) : InboxEntry
    {
        private const int StatusOk = StatusCodes.Status200OK;
        private const int StatusLate = StatusCodes.Status503ServiceUnavailable;

        public TaskCompletionSource<AppendResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public AppendResult Result { get; private set; }

        public bool IsLate { get; set; }

        public override void Write(WriteTransaction transaction)
        {
            var inserted = transaction.Scalar<long>(
                InboxSql.InsertDelivery,
                delivery.IsTest, delivery.BodyHash, delivery.DeliveryId, (int)delivery.Contract,
                (int)delivery.SignedForm, delivery.SecretId, delivery.EventName, sealedBody, delivery.SafeBody, delivery.Headers,
                delivery.Body.Length, delivery.ReceivedAtMs, (int)delivery.Flags);
            var seq = inserted != 0
                ? inserted
                : transaction.Scalar<long>(InboxSql.CountArrival, delivery.IsTest, delivery.BodyHash, delivery.DeliveryId);
            var arrival = transaction.Scalar<long>(
                InboxSql.InsertArrival, seq, delivery.ReceivedAtMs, IsLate ? StatusLate : StatusOk, delivery.Address, delivery.DeliveryId);
            Result = new(inserted != 0 ? AppendOutcome.Stored : AppendOutcome.Duplicate, seq, arrival);
        }

        public override void Complete() => Completion.TrySetResult(Result);

        public override void Fail() => Completion.TrySetResult(new(AppendOutcome.StorageFailing));
    }

    private sealed class AnswerEntry(long arrivalId, int status, long durationUs) : InboxEntry
    {
        public override void Write(WriteTransaction transaction) =>
            transaction.Execute(InboxSql.NoteAnswer, arrivalId, status, durationUs);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A commit of {Count} inbox entries failed; their senders were answered 503.")]
        public static partial void CommitFailed(ILogger logger, int count, Exception fault);
    }
}
