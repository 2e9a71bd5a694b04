using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Reads the log in batches and parses them, one batch ahead: while one is written to the read model, the next is made ready on another
/// thread. Not for use by two threads at once.
/// </summary>
/// <param name="database">The log.</param>
/// <param name="reader">Parses entries.</param>
/// <param name="most">How many entries a batch has at most.</param>
internal sealed class LogReadAhead(LogDatabase database, EntryReader reader, int most) : IDisposable
{
    private readonly LogTail log = new(database);
    private Task<List<ReadEntry>>? ahead;
    private long aheadAfter;

    /// <summary>The entries after a position and up to another, in order; empty where there are none.</summary>
    /// <param name="after">The position.</param>
    /// <param name="upTo">The last entry that is wanted.</param>
    /// <param name="readsOn">Whether to use a second thread for the batch after it.</param>
    public async Task<IReadOnlyList<ReadEntry>> TakeAsync(long after, long upTo, bool readsOn)
    {
        if (ahead is { } prepared)
        {
            ahead = null;
            var batch = await prepared;
            if (aheadAfter == after && batch.Count > 0)
            {
                ReadOn(batch, upTo, readsOn);
                return batch;
            }
        }

        var read = Read(after, upTo);
        ReadOn(read, upTo, readsOn);
        return read;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ahead?.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        log.Dispose();
    }

    // A batch that is not full was the last one for now.
    private void ReadOn(List<ReadEntry> batch, long upTo, bool readsOn)
    {
        if (readsOn && batch.Count == most)
        {
            var after = aheadAfter = batch[^1].Record.Seq;
            ahead = Task.Run(() => Read(after, upTo));
        }
    }

    private List<ReadEntry> Read(long after, long upTo) => log.Read(after, upTo, most).ConvertAll(TryRead);

    // One that cannot be read must not keep the others from being folded.
    private ReadEntry TryRead(LogRecord record)
    {
        try
        {
            return new(record, reader.Read(record), Fault: null);
        }
        catch (Exception fault)
        {
            return new(record, Prepared: null, fault);
        }
    }
}

/// <summary>An entry that was read from the log.</summary>
/// <param name="Record">The entry.</param>
/// <param name="Prepared">What it reports; null where reading it threw.</param>
/// <param name="Fault">What reading it threw.</param>
internal readonly record struct ReadEntry(LogRecord Record, PreparedEntry? Prepared, Exception? Fault);
