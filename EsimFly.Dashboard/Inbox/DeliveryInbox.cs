using System.Collections.Concurrent;
using System.Runtime.InteropServices;
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
    // Answers wait this long for a commit of deliveries that they can go with, before they get one of their own.
    private static readonly TimeSpan AnswersWaitAtMost = TimeSpan.FromMilliseconds(200);

    private readonly Channel<AppendEntry> queue = Channel.CreateBounded<AppendEntry>(
        new BoundedChannelOptions(options.Value.QueueCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ConcurrentQueue<Answer> answers = new();

    private readonly Dictionary<int, long> secretsNoted = [];

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

        var entry = new AppendEntry(delivery, sealer.Seal(delivery.Body.Span, SealPurpose.Body), time.GetTimestamp());
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
            _ = NoteLateAsync(entry, time.GetTimestamp());
            throw;
        }
    }

    /// <summary>Notes what an arrival was answered with. Kept with the next commit; lost, at worst, in a crash.</summary>
    public void Answered(long arrivalId, int status, TimeSpan duration)
    {
        if (arrivalId != 0 && answers.Count < options.Value.QueueCapacity)
        {
            answers.Enqueue(new Answer(arrivalId, status, (long)duration.TotalMicroseconds));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Stopping completes the queue, and what waits in it is still committed.
        await using var registration = stoppingToken.Register(() => queue.Writer.TryComplete()).ConfigureAwait(false);
        var batch = new List<AppendEntry>(options.Value.BatchSize);
        var more = queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        var isOpen = true;
        while (isOpen)
        {
            if (await Task.WhenAny(more, Task.Delay(AnswersWaitAtMost, time, CancellationToken.None)).ConfigureAwait(false) == more)
            {
                isOpen = await more.ConfigureAwait(false);
            }

            while (batch.Count < options.Value.BatchSize && queue.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            if (batch.Count > 0 || !answers.IsEmpty)
            {
                await CommitAsync(batch).ConfigureAwait(false);
                batch.Clear();
            }

            if (isOpen && more.IsCompleted)
            {
                more = queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            }
        }
    }

    // Answered 503 for want of time, and kept after all: its arrival must not say 200.
    private async Task NoteLateAsync(AppendEntry entry, long answeredAt)
    {
        var result = await entry.Completion.Task.ConfigureAwait(false);
        Answered(result.ArrivalId, StatusCodes.Status503ServiceUnavailable, time.GetElapsedTime(entry.QueuedAt, answeredAt));
    }

    private async Task CommitAsync(List<AppendEntry> batch)
    {
        var started = time.GetTimestamp();
        try
        {
            await writer.WriteAsync(transaction => Write(transaction, batch), CancellationToken.None).ConfigureAwait(false);
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

        foreach (var entry in batch)
        {
            entry.Complete();
        }

        signal.DeliveriesChanged(batch.Select(entry => (entry.Result.Seq, entry.IsTest)));
    }

    private void Write(WriteTransaction transaction, List<AppendEntry> batch)
    {
        foreach (var entry in batch)
        {
            entry.Write(transaction);
            NoteSecret(transaction, entry);
        }

        for (var i = 0; i < options.Value.BatchSize && answers.TryDequeue(out var answer); i++)
        {
            transaction.Execute(InboxSql.NoteAnswer, answer.ArrivalId, answer.Status, answer.DurationUs);
        }
    }

    // Once a second is enough for people, and spares the hot path a page.
    private void NoteSecret(WriteTransaction transaction, AppendEntry entry)
    {
        ref var noted = ref CollectionsMarshal.GetValueRefOrAddDefault(secretsNoted, entry.SecretId, out _);
        if (entry.ReceivedAtMs - noted >= 1000)
        {
            noted = entry.ReceivedAtMs;
            transaction.Execute(InboxSql.NoteSecret, entry.SecretId, entry.ReceivedAtMs);
        }
    }

    private readonly record struct Answer(long ArrivalId, int Status, long DurationUs);

    private sealed class AppendEntry(NewDelivery delivery, byte[] sealedBody, long queuedAt)
    {
        public TaskCompletionSource<AppendResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public AppendResult Result { get; private set; }

        public long QueuedAt => queuedAt;

        public bool IsTest => delivery.IsTest;

        public int SecretId => delivery.SecretId;

        public long ReceivedAtMs => delivery.ReceivedAtMs;

        public void Write(WriteTransaction transaction)
        {
            var isNew = transaction.Execute(
                InboxSql.InsertDelivery,
                delivery.IsTest, delivery.BodyHash, delivery.DeliveryId, (int)delivery.Contract,
                (int)delivery.SignedForm, delivery.SecretId, delivery.EventName, sealedBody, delivery.SafeBody, delivery.Headers,
                delivery.Body.Length, delivery.ReceivedAtMs, (int)delivery.Flags) == 1;
            if (!isNew)
            {
                transaction.Execute(InboxSql.CountArrival, delivery.IsTest, delivery.BodyHash, delivery.DeliveryId);
            }

            var seq = transaction.Scalar<long>(InboxSql.SeqOfBody, delivery.IsTest, delivery.BodyHash);
            var isNoted = transaction.Execute(
                InboxSql.InsertArrival, seq, delivery.ReceivedAtMs, delivery.RejectedWith ?? StatusCodes.Status200OK, delivery.Address, delivery.DeliveryId, InboxSql.MaxArrivalRows) == 1;
            var arrival = isNoted ? transaction.Scalar<long>(InboxSql.LastArrival, seq) : 0;
            Result = new(isNew ? AppendOutcome.Stored : AppendOutcome.Duplicate, seq, arrival);
        }

        public void Complete() => Completion.TrySetResult(Result);

        public void Fail() => Completion.TrySetResult(new(AppendOutcome.StorageFailing));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A commit of {Count} inbox entries failed; their senders were answered 503.")]
        public static partial void CommitFailed(ILogger logger, int count, Exception fault);
    }
}
