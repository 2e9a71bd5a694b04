using System.Globalization;
using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection.Erasing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Projects the log into the read model, as it comes. The read model's position says what is done; a signal only wakes the worker. A
/// delivery whose folding throws is tried five times and is then dead, and holds up no other.
/// </summary>
internal sealed partial class ProjectionWorker(
    LogDatabase logDatabase,
    ReadModelDatabase readModelDatabase,
    ReadModelWriter writer,
    ReadModelBuilder builder,
    ReadModelState state,
    StandBy standBy,
    Leases leases,
    Peers peers,
    EntryReader reader,
    Eraser eraser,
    LogSignal signal,
    Answers answers,
    ChangeNotifier notifier,
    DashboardMetrics metrics,
    TimeProvider time,
    ILogger<ProjectionWorker> logger
) : RestartingWorker(time, logger)
{
    private readonly RepeatedFaults faults = new(time);

    // So many are folded in one transaction: a page that many of them touch is written once.
    private const int MostAtOnce = 2048;

    // A batch of so many means a stream: a short wait makes the next one larger, and each costs a commit.
    private const int Stream = 64;

    // While receiving has all it can do, folding takes one part of the time and leaves it so many.
    private const int Share = 4;

    // But only so far: beyond this many entries the read model catches up, whatever comes.
    private const long LagBound = 250_000;

    private static readonly TimeSpan HoldBack = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestHoldBack = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    // An answer is measured a moment after the delivery is folded.
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromMilliseconds(100);

    private readonly LogTail log = new(logDatabase);
    private readonly LogReadAhead tail = new(logDatabase, reader, MostAtOnce);
    private readonly Dictionary<long, Answer> answered = [];
    private readonly List<Answer> taken = [];
    private long beatAt;
    private bool awaitsAnswers;
    private bool projected;
    private int damaged;

    /// <summary>How long ago the worker last went round.</summary>
    public TimeSpan SinceLastRound => Time.GetElapsedTime(Interlocked.Read(ref beatAt));

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        standBy.Dispose();
        tail.Dispose();
        log.Dispose();
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Watch(
            "esimfly.projection.waiting",
            "{entry}",
            "Log entries that are not in the read model yet.",
            () => Math.Max(0, signal.AppendedTo - state.Position)
        );
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host starts meanwhile
        while (!stoppingToken.IsCancellationRequested)
        {
            Beat();
            try
            {
                if (!leases.IsProjector)
                {
                    projected = false;
                    await StandByAsync(stoppingToken);
                    continue;
                }

                if (!projected)
                {
                    standBy.TakeOver();
                    projected = true;
                }

                await builder.EnsureAsync(Beat, stoppingToken);
                NoteDamage();
                var started = Time.GetTimestamp();
                var folded = await RoundAsync(stoppingToken);
                if (folded == 0)
                {
                    await signal.WaitAsync(awaitsAnswers ? AnswersWithin : SweepEvery, stoppingToken);
                }
                else if (folded >= Stream)
                {
                    await HoldBackAsync(Time.GetElapsedTime(started), stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (PositionMovedException fault)
            {
                // Another instance took this one for gone, as it was for a while: nothing of the batch was written.
                Log.Overtaken(logger, fault.Message);
                projected = false;
            }
            catch (StorageUnavailableException fault)
            {
                // Not the deliveries' fault: they wait until the storage works again.
                if (faults.IsToBeLogged(fault, out var times))
                {
                    Log.StorageUnavailable(logger, fault.Fault, times);
                }

                if (fault.InnerException is { } cause && readModelDatabase.IsDamage(cause))
                {
                    builder.Damaged();
                }

                await PauseAsync(stoppingToken);
            }
            catch (Exception fault)
            {
                if (faults.IsToBeLogged(fault, out var times))
                {
                    Log.RoundFailed(logger, times, readModelDatabase.IsCauseOf(fault) ? null : fault, fault.Message);
                }

                if (readModelDatabase.IsDamage(fault))
                {
                    builder.Damaged();
                }

                await PauseAsync(stoppingToken);
            }
        }
    }

    private void NoteDamage()
    {
        if (logDatabase.Damage.Count is var count && count > damaged)
        {
            damaged = count;
            Log.Damaged(logger, logDatabase.Damage.Numbers);
        }
    }

    // Another instance folds. What this one measured of its own requests, it writes itself.
    private async Task StandByAsync(CancellationToken stoppingToken)
    {
        if (readModelDatabase.IsShared)
        {
            standBy.Follow();
        }

        var late = TakeAnswers();
        foreach (var answer in answered.Values.Where(answer => answer.EntrySeq <= state.Position).ToList())
        {
            answered.Remove(answer.EntrySeq); // folded elsewhere meanwhile
            late.Add(answer);
        }

        await WriteMeasuredAsync(late, signal.TakeCounted(), stoppingToken);
        await signal.WaitAsync(SweepEvery, stoppingToken);

        // What is appended wakes it, and is folded elsewhere first.
        await Task.Delay(AnswersWithin, Time, stoppingToken);
    }

    // Receiving has priority: what is in the log can be folded later, what is not taken may be lost.
    private Task HoldBackAsync(TimeSpan took, CancellationToken stoppingToken)
    {
        var lag = signal.AppendedTo - state.Position;
        var wait =
            lag > LagBound ? TimeSpan.Zero
            : signal.IsSaturated ? took * Share
            : lag > MostAtOnce ? TimeSpan.Zero
            : HoldBack;
        return wait <= TimeSpan.Zero
            ? Task.CompletedTask
            : Task.Delay(wait > LongestHoldBack ? LongestHoldBack : wait, Time, stoppingToken);
    }

    private void Beat() => Interlocked.Exchange(ref beatAt, Time.GetTimestamp());

    private Task PauseAsync(CancellationToken stoppingToken) =>
        Task.Delay(SweepEvery, Time, stoppingToken)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private async Task<int> RoundAsync(CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        if (readModelDatabase.IsShared)
        {
            await eraser.LearnAsync(cancellationToken); // before anything is read: another instance may have erased
        }

        var batch = await tail.TakeAsync(state.Position, long.MaxValue, readsOn: !signal.IsSaturated);
        var late = TakeAnswers();
        var retries = await RetryDueAsync(cancellationToken);
        var counted = signal.TakeCounted();
        if (batch.Count == 0)
        {
            await WriteMeasuredAsync(late, counted, cancellationToken);
            awaitsAnswers = awaitsAnswers && late.Count == 0;
            return retries;
        }

        try
        {
            await FoldAsync(batch, late, counted, cancellationToken);
        }
        catch (Exception fault) when (IsOfEntry(fault))
        {
            // One of them is poison. Nothing of the batch was written: work them in one by one, and find out which.
            foreach (var entry in batch)
            {
                await FoldAloneAsync(entry, cancellationToken);
            }
        }

        awaitsAnswers = true;
        metrics.Projected(Time.GetElapsedTime(started));
        return batch.Count;
    }

    // Those of entries that are in the read model already; the others are kept until their entries come.
    private List<Answer> TakeAnswers()
    {
        answers.Take(taken);
        var late = new List<Answer>();
        foreach (var answer in taken)
        {
            if (answer.EntrySeq <= state.Position)
            {
                late.Add(answer);
            }
            else
            {
                answered[answer.EntrySeq] = answer;
            }
        }

        taken.Clear();
        return late;
    }

    private async Task FoldAsync(
        IReadOnlyList<ReadEntry> batch,
        List<Answer> late,
        IReadOnlyCollection<long> counted,
        CancellationToken cancellationToken
    )
    {
        var prepared = new List<PreparedEntry>(batch.Count);
        foreach (var entry in batch)
        {
            prepared.Add(entry.Prepared ?? throw new InvalidOperationException("A log entry cannot be read.", entry.Fault));
        }

        var nowMs = NowMs();
        var (from, to) = (state.Position, batch[^1].Record.Seq);
        var repeats = Repeats(counted);
        var changes = await writer.WriteAsync(
            transaction =>
            {
                WriteMeasured(transaction, late, repeats);
                var projector = new Projector(transaction, new MeasuredNow(nowMs, answered));
                prepared.ForEach(projector.Add);
                var changed = projector.Finish();
                Projector.Move(transaction, from, to, state.Epoch);
                return changed;
            },
            cancellationToken
        );
        state.Position = to;
        notifier.Publish(changes);
        peers.Tell(PeerNews.Folded, to.ToString(CultureInfo.InvariantCulture));
        if (prepared.Exists(static item => item.IsStripped))
        {
            await eraser.CleanAsync(
                prepared.FindAll(static item => item.IsStripped).ConvertAll(static item => item.Record),
                cancellationToken
            );
        }

        foreach (var item in prepared)
        {
            metrics.Ended(item.Event is null ? "quarantined" : "processed", TimeSpan.FromMilliseconds(nowMs - item.Record.ReceivedAtMs));
        }
    }

    private async Task FoldAloneAsync(ReadEntry entry, CancellationToken cancellationToken)
    {
        var record = entry.Record;
        try
        {
            await FoldAsync([entry], [], [], cancellationToken);
        }
        catch (Exception fault) when (IsOfEntry(fault))
        {
            var failure = Fail(record, tries: 0, entry.Fault ?? fault);
            var from = state.Position;
            var changes = await writer.WriteAsync(
                transaction =>
                {
                    var projector = new Projector(transaction, new MeasuredNow(failure.AtMs, answered));
                    projector.AddFailed(record, failure);
                    var changed = projector.Finish();
                    Projector.Move(transaction, from, record.Seq, state.Epoch);
                    return changed;
                },
                cancellationToken
            );
            state.Position = record.Seq;
            notifier.Publish(changes);
            peers.Tell(PeerNews.Folded, record.Seq.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static bool IsOfEntry(Exception fault) =>
        fault is not (OperationCanceledException or StorageUnavailableException or PositionMovedException);

    private async Task<int> RetryDueAsync(CancellationToken cancellationToken)
    {
        var (nowMs, (dueAtMs, asked)) = (NowMs(), builder.NextRetry);
        if (nowMs < dueAtMs)
        {
            return 0;
        }

        List<(long Seq, int Tries)> due;
        using (var statements = readModelDatabase.TryRead())
        {
            if (statements is null)
            {
                return 0; // with the next sweep
            }

            due = statements.Query(ProjectionSql.DueRetries, static row => (row.GetInt64(0), row.GetInt32(1)), nowMs, MostAtOnce);
        }

        foreach (var (seq, tries) in due)
        {
            await RetryAsync(seq, tries, cancellationToken);
        }

        using (var statements = readModelDatabase.TryRead())
        {
            if (statements is not null)
            {
                builder.LookedForRetries(ProjectionRetries.NextAtMs(statements), asked);
            }
        }

        return due.Count;
    }

    private async Task RetryAsync(long seq, int tries, CancellationToken cancellationToken)
    {
        if (log.Find(seq) is not { } record)
        {
            return;
        }

        IReadOnlyCollection<Change> changes;
        try
        {
            var prepared = reader.Read(record);
            var measured = new MeasuredNow(NowMs(), answered);
            changes = await writer.WriteAsync(
                transaction =>
                {
                    var projector = new Projector(transaction, measured);
                    projector.Retry(prepared);
                    return projector.Finish();
                },
                cancellationToken
            );
            metrics.Ended(prepared.Event is null ? "quarantined" : "processed", TimeSpan.FromMilliseconds(NowMs() - record.ReceivedAtMs));
        }
        catch (Exception fault) when (IsOfEntry(fault))
        {
            var failure = Fail(record, tries, fault);
            changes = await writer.WriteAsync(
                transaction =>
                {
                    var projector = new Projector(transaction, new MeasuredNow(failure.AtMs, answered));
                    projector.RetryFailed(record, failure);
                    return projector.Finish();
                },
                cancellationToken
            );
        }

        notifier.Publish(changes);
    }

    private Failure Fail(LogRecord record, int tries, Exception fault)
    {
        var isLast = tries >= FoldTries.Delays.Length;
        Log.FoldFailed(logger, record.Seq, tries + 1, isLast, fault);
        var nowMs = NowMs();
        metrics.Ended(isLast ? "dead" : "failed", TimeSpan.FromMilliseconds(nowMs - record.ReceivedAtMs));
        var failure = new Failure(
            tries + 1,
            nowMs,
            isLast ? null : nowMs + (long)FoldTries.Delays[tries].TotalMilliseconds,
            $"{fault.GetType().Name} while folding."
        );
        builder.RetryAt(failure.NextTryAtMs);
        return failure;
    }

    private async Task WriteMeasuredAsync(List<Answer> late, IReadOnlyCollection<long> counted, CancellationToken cancellationToken)
    {
        if (late.Count == 0 && counted.Count == 0)
        {
            return;
        }

        var repeats = Repeats(counted);
        var changes = await writer.WriteAsync(
            transaction =>
            {
                WriteMeasured(transaction, late, repeats);
                return ProjectionRetries.DeliveriesOf(transaction, late.Select(answer => answer.EntrySeq), counted);
            },
            cancellationToken
        );
        notifier.Publish(changes);
    }

    // Read from the log before the read model's transaction begins.
    private List<object?[]> Repeats(IReadOnlyCollection<long> counted) =>
        [.. counted.Select(seq => new object?[] { seq, log.CountedRepeats(seq) })];

    private static void WriteMeasured(WriteTransaction transaction, List<Answer> late, IReadOnlyList<object?[]> counted)
    {
        transaction.ExecuteEach(
            ProjectionSql.NoteAnswer,
            late.ConvertAll(static answer => new object?[] { answer.EntrySeq, answer.Status, answer.DurationUs })
        );
        transaction.ExecuteEach(ProjectionSql.CountRepeats, counted);
    }

    private long NowMs() => Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Delivery {Seq} could not be folded (try {Try}, the last: {IsLast}).")]
        public static partial void FoldFailed(ILogger logger, long seq, int @try, bool isLast, Exception fault);

        [LoggerMessage(2, LogLevel.Warning, "Folding waits: the read model is failing ({Fault}); tries since the last such line: {Times}.")]
        public static partial void StorageUnavailable(ILogger logger, StorageFault fault, int times);

        [LoggerMessage(
            5,
            LogLevel.Error,
            "The event log is damaged: entries {Numbers} cannot be read and are passed over. Restore a backup that has them."
        )]
        public static partial void Damaged(ILogger logger, string numbers);

        [LoggerMessage(4, LogLevel.Warning, "Another instance projects the log into the read model: {Reason}")]
        public static partial void Overtaken(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Error, "A round of the worker failed; failures since the last such line: {Times}. {Reason}")]
        public static partial void RoundFailed(ILogger logger, int times, Exception? fault, string reason);
    }
}
