using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Works the whole log into a read model of its own: the same projection as the worker's, in large batches, with no thought for a crash
/// (it is thrown away then) and with the indexes of lists made last.
/// </summary>
internal sealed class BulkProjection(
    LogDatabase logDatabase,
    ReadModelDatabase readModelDatabase,
    EntryReader reader,
    ReadModelState state,
    TimeProvider time
)
{
    private const int AtOnce = 10_000;

    /// <summary>The number of the last log entry.</summary>
    public long Head
    {
        get
        {
            using var log = new LogTail(logDatabase);
            return log.Head;
        }
    }

    /// <summary>Makes a read model with all entries up to one.</summary>
    /// <param name="copy">Which; an earlier one of that name goes.</param>
    /// <param name="upTo">The last entry to be in it.</param>
    /// <param name="carried">What was measured of them.</param>
    /// <param name="progress">Hears how many entries are done, and of how many.</param>
    /// <param name="cancellationToken">Ends it; the copy is of no use then.</param>
    public void Build(
        ReadModelCopy copy,
        long upTo,
        CarriedOver carried,
        IProgress<(long Done, long Total)>? progress,
        CancellationToken cancellationToken
    )
    {
        readModelDatabase.Create(copy, state.Epoch);
        using var readModel = readModelDatabase.OpenCopy(copy);
        Continue(readModel, 0, upTo, carried, progress, cancellationToken);
        readModel.Run(transaction =>
        {
            transaction.Insert(ProjectionSql.InsertFailedTry, carried.Tries());
            readModelDatabase.Complete(transaction, copy);
        });
        progress?.Report((upTo, upTo));
    }

    /// <summary>Projects further entries into a read model that <see cref="Build"/> has made.</summary>
    public void Continue(
        BulkReadModel readModel,
        long from,
        long upTo,
        CarriedOver carried,
        IProgress<(long Done, long Total)>? progress,
        CancellationToken cancellationToken
    )
    {
        using var log = new LogTail(logDatabase);
        using var ahead = new LogReadAhead(logDatabase, reader, AtOnce);
        var position = from;
        while (ahead.TakeAsync(position, upTo, readsOn: true).GetAwaiter().GetResult() is { Count: > 0 } batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var last = batch[^1].Record.Seq;
            Write(readModel, batch, position, last, carried);
            position = last;
            progress?.Report((position, upTo));
        }

        readModel.Run(transaction =>
        {
            if (position < upTo)
            {
                Projector.Move(transaction, position, upTo, state.Epoch); // the last entries were removed
            }

            transaction.ExecuteEach(
                ProjectionSql.CountRepeats,
                log.CountedRepeats().ConvertAll(static counted => new object?[] { counted.Seq, counted.Count })
            );
        });
    }

    private void Write(BulkReadModel readModel, IReadOnlyList<ReadEntry> batch, long from, long to, CarriedOver carried)
    {
        var measured = new MeasuredBefore(carried, from + 1, to, NowMs());
        try
        {
            readModel.Run(transaction => WriteAll(transaction, batch, from, to, measured));
        }
        catch (Exception fault) when (IsOfEntry(fault))
        {
            var position = from;
            foreach (var (record, prepared, _) in batch)
            {
                WriteAlone(readModel, record, prepared, position, measured);
                position = record.Seq;
            }
        }
    }

    private void WriteAll(WriteTransaction transaction, IReadOnlyList<ReadEntry> batch, long from, long to, MeasuredBefore measured)
    {
        var projector = new Projector(transaction, measured);
        foreach (var (record, prepared, _) in batch)
        {
            if (prepared is not null)
            {
                projector.Add(prepared);
            }
            else
            {
                projector.AddFailed(record, FailureOf(record, measured));
            }
        }

        projector.Finish();
        Projector.Move(transaction, from, to, state.Epoch);
    }

    private void WriteAlone(BulkReadModel readModel, LogRecord record, PreparedEntry? prepared, long from, MeasuredBefore measured)
    {
        try
        {
            readModel.Run(transaction => WriteAll(transaction, [new(record, prepared, null)], from, record.Seq, measured));
        }
        catch (Exception fault) when (IsOfEntry(fault))
        {
            readModel.Run(transaction => WriteAll(transaction, [new(record, null, null)], from, record.Seq, measured));
        }
    }

    private bool IsOfEntry(Exception fault) =>
        fault is not OperationCanceledException && readModelDatabase.Classify(fault) == StorageFault.None;

    // As before: what was dead is dead, and what was to be tried again will be.
    private Failure FailureOf(LogRecord record, MeasuredBefore measured) =>
        measured.Find(record.Seq) switch
        {
            { State: (int)DeliveryState.Dead, Tries: var tries, Error: var error } => new(
                tries,
                NowMs(),
                NextTryAtMs: null,
                error ?? "It could not be folded."
            ),
            { State: (int)DeliveryState.Failed, Tries: var tries, NextTryAtMs: var next, Error: var error } => new(
                tries,
                NowMs(),
                next,
                error ?? "It could not be folded."
            ),
            _ => new(1, NowMs(), NowMs(), "It could not be folded while the read model was rebuilt."),
        };

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
