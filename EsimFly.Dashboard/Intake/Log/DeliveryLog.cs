using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Intake.Log;

/// <summary>
/// Appends accepted requests to the log. Whatever waits is committed together (group commit); an append completes after the fsync, so
/// that a 200 may be answered.
/// </summary>
internal sealed partial class DeliveryLog(
    LogDatabase database,
    LogWriter writer,
    ReadModelDatabase readModel,
    StorageSpace space,
    Sealer sealer,
    LogSignal signal,
    Peers peers,
    WaitingNotice notice,
    Answers answers,
    DashboardMetrics metrics,
    TimeProvider time,
    IOptions<IntakeOptions> options,
    ILogger<DeliveryLog> logger
) : RestartingWorker(time, logger)
{
    private readonly Channel<AppendEntry> queue = Channel.CreateBounded<AppendEntry>(
        new BoundedChannelOptions(options.Value.QueueCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    private readonly KnownBodies known = new();
    private readonly Dictionary<int, long> secretsNoted = [];
    private long? lastSeq;
    private long lastLiveAtMs;
    private volatile bool forgets;
    private volatile int pauses;
    private bool isLookUpFailing;

    /// <summary>How many wait for their commit.</summary>
    public int Waiting => queue.Reader.Count;

    /// <summary>Keeps a delivery.</summary>
    /// <param name="delivery">What to keep.</param>
    /// <param name="deadline">When the caller must answer; the delivery may still be kept after it.</param>
    /// <returns>What came of it. A delivery that is reported as kept is on disk.</returns>
    /// <exception cref="OperationCanceledException">The deadline came first.</exception>
    public async ValueTask<AppendResult> AppendAsync(NewDelivery delivery, CancellationToken deadline)
    {
        if (!space.HasRoom)
        {
            return new(AppendOutcome.DiskLow);
        }

        var content = sealer.Seal(LogContent.Join(delivery.Headers, delivery.Body.Span), SealPurpose.LogEntry, delivery.BodyHash);
        var entry = new AppendEntry(delivery, content, Time.GetTimestamp());
        if (!queue.Writer.TryWrite(entry))
        {
            return new(AppendOutcome.QueueFull);
        }

        try
        {
            return await entry.Completion.Task.WaitAsync(deadline);
        }
        catch (OperationCanceledException)
        {
            _ = NoteLateAsync(entry, Time.GetTimestamp());
            throw;
        }
    }

    /// <summary>
    /// Entries are being removed: until it is disposed, and of what was known before, every repeat is logged with its body again.
    /// </summary>
    public IDisposable PauseLookUps()
    {
        Interlocked.Increment(ref pauses);
        forgets = true;
        return new Pause(this);
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Watch("esimfly.log.queue", "{delivery}", "Deliveries that wait for their commit.", () => Waiting);
        metrics.Watch(
            "esimfly.webhook.silence",
            "s",
            "Time since a live delivery was last kept; nothing before the first since the start.",
            () =>
                Interlocked.Read(ref lastLiveAtMs) is not 0 and var at
                    ? (Time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at)).TotalSeconds
                    : null
        );
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        // Stopping completes the queue, and what waits in it is still committed.
        await using var registration = stoppingToken.Register(() => queue.Writer.TryComplete());
        var batch = new List<AppendEntry>(options.Value.BatchSize);
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < options.Value.BatchSize && queue.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            await CommitAsync(batch);
            batch.Clear();
        }
    }

    // Answered 503 for want of time, and kept after all: its arrival must not show 200.
    private async Task NoteLateAsync(AppendEntry entry, long answeredAt)
    {
        var result = await entry.Completion.Task;
        answers.Note(result.EntrySeq, StatusCodes.Status503ServiceUnavailable, Time.GetElapsedTime(entry.QueuedAt, answeredAt));
    }

    private async Task CommitAsync(List<AppendEntry> batch)
    {
        var started = Time.GetTimestamp();
        var last = 0L;
        try
        {
            await writer.AppendAsync(transaction => last = Write(transaction, batch), CancellationToken.None);
            metrics.LogCommitted(batch.Count, Time.GetElapsedTime(started));
        }
        catch (Exception fault)
        {
            // Whatever went wrong, nothing of the batch was kept, and each sender must hear so.
            if (fault is not StorageUnavailableException)
            {
                Log.CommitFailed(logger, batch.Count, fault);
            }

            known.Clear();
            lastSeq = null;
            foreach (var entry in batch)
            {
                entry.Fail();
            }

            return;
        }

        if (batch.FindLast(static entry => entry.Delivery is { IsTest: false, Kind: LogEntryKind.Delivery }) is { } live)
        {
            Interlocked.Exchange(ref lastLiveAtMs, live.Delivery.ReceivedAtMs);
        }

        signal.Appended(last, batch.Count);
        peers.Tell(PeerNews.Appended, last.ToString(CultureInfo.InvariantCulture));
        notice.Appended(last);
        foreach (var entry in batch)
        {
            entry.Completion.TrySetResult(entry.Result);
            if (entry.Result is { EntrySeq: 0 })
            {
                signal.Counted(entry.Result.Seq);
            }
        }
    }

    // The number of the last entry.
    private long Write(WriteTransaction transaction, List<AppendEntry> batch)
    {
        if (forgets)
        {
            forgets = pauses > 0;
            known.Clear();
            lastSeq = null;
        }

        var next = database.NumberBefore(transaction, lastSeq);
        Recall(batch);
        if (database.IsShared)
        {
            ForgetRemoved(transaction, batch);
        }

        var rows = new List<LogRecord>(batch.Count);
        foreach (var entry in batch)
        {
            var delivery = entry.Delivery;
            if (known.Find(delivery.IsTest, delivery.BodyHash) is not { } first)
            {
                rows.Add(Row(++next, delivery.Kind, delivery, firstSeq: null, entry.Sealed));
                known.Add(delivery.IsTest, delivery.BodyHash, next);
                entry.Result = new(AppendOutcome.Stored, next, next);
            }
            else if (++first.Repeats <= LogSql.MostRepeats)
            {
                // Without the body, which the first has.
                var headers = sealer.Seal(LogContent.Join(delivery.Headers, []), SealPurpose.LogEntry, delivery.BodyHash);
                rows.Add(Row(++next, LogEntryKind.Repeat, delivery, first.Seq, headers));
                entry.Result = new(AppendOutcome.Duplicate, first.Seq, next);
            }
            else
            {
                transaction.Execute(LogSql.CountRepeats, first.Seq, 1L, delivery.ReceivedAtMs);
                entry.Result = new(AppendOutcome.Duplicate, first.Seq);
            }

            if (delivery.Kind == LogEntryKind.Delivery)
            {
                NoteSecret(transaction, delivery);
            }
        }

        transaction.Insert(LogRecord.Append, rows);
        lastSeq = next;
        return next;
    }

    // A read model that cannot be read keeps nobody from being received: what is missed is logged with its body.
    private void Recall(List<AppendEntry> batch)
    {
        try
        {
            using var lookUp = pauses > 0 ? null : readModel.TryRead();
            if (lookUp is not null)
            {
                known.Recall(batch.ConvertAll(static entry => (entry.Delivery.IsTest, entry.Delivery.BodyHash)), lookUp);
                isLookUpFailing = false;
            }
        }
        catch (System.Data.Common.DbException fault)
        {
            if (!isLookUpFailing)
            {
                isLookUpFailing = true;
                Log.LookUpFailed(logger, fault);
            }
        }
    }

    // Another instance may have removed entries, as test data, a moment ago: a repeat without its body must not name one of them.
    private void ForgetRemoved(WriteTransaction transaction, List<AppendEntry> batch)
    {
        var repeated = batch
            .Select(entry => (entry.Delivery, Body: known.Find(entry.Delivery.IsTest, entry.Delivery.BodyHash)))
            .Where(static item => item.Body is not null)
            .DistinctBy(static item => item.Body!.Seq)
            .ToList();
        var kept = transaction.QueryEach(
            LogSql.IsKept,
            repeated.ConvertAll(static item => new object[] { item.Body!.Seq }),
            static row => row.GetInt64(0)
        );
        for (var i = 0; i < repeated.Count; i++)
        {
            if (kept[i].Count == 0)
            {
                known.Forget(repeated[i].Delivery.IsTest, repeated[i].Delivery.BodyHash);
            }
        }
    }

    private static LogRecord Row(long seq, LogEntryKind kind, NewDelivery delivery, long? firstSeq, byte[] content) =>
        new LogRecord
        {
            Seq = seq,
            Kind = kind,
            IsTest = delivery.IsTest,
            ReceivedAtMs = delivery.ReceivedAtMs,
            BodyHash = delivery.BodyHash,
            Contract = delivery.Contract,
            SignedForm = delivery.SignedForm,
            SecretId = delivery.SecretId,
            Address = delivery.Address,
            Flags = delivery.Flags,
            RejectedWith = delivery.RejectedWith,
            FirstSeq = firstSeq,
            Sealed = content,
        };

    // Once a second is enough for people, and spares the hot path a page.
    private void NoteSecret(WriteTransaction transaction, NewDelivery delivery)
    {
        ref var noted = ref CollectionsMarshal.GetValueRefOrAddDefault(secretsNoted, delivery.SecretId, out _);
        if (delivery.ReceivedAtMs - noted >= 1000)
        {
            noted = delivery.ReceivedAtMs;
            transaction.Execute(LogSql.NoteSecret, delivery.SecretId, delivery.ReceivedAtMs);
        }
    }

    private sealed class AppendEntry(NewDelivery delivery, byte[] content, long queuedAt)
    {
        public TaskCompletionSource<AppendResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public NewDelivery Delivery => delivery;

        /// <summary>Headers and body, sealed.</summary>
        public byte[] Sealed => content;

        public AppendResult Result { get; set; }

        public long QueuedAt => queuedAt;

        public void Fail() => Completion.TrySetResult(new(AppendOutcome.StorageFailing));
    }

    private sealed class Pause(DeliveryLog log) : IDisposable
    {
        public void Dispose()
        {
            log.forgets = true;
            Interlocked.Decrement(ref log.pauses);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            2,
            LogLevel.Warning,
            "The read model cannot be asked whether a body is known; repeats are logged with their bodies."
        )]
        public static partial void LookUpFailed(ILogger logger, Exception fault);

        [LoggerMessage(1, LogLevel.Error, "A commit of {Count} log entries failed; their senders were answered 503.")]
        public static partial void CommitFailed(ILogger logger, int count, Exception fault);
    }
}
