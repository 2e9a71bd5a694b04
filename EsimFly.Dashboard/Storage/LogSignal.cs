using System.Collections.Concurrent;
using EsimFly.Dashboard.Storage.Workers;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// Wakes the workers of the log. What is to be done stands in the stores: a lost signal is made good by the next sweep.
/// </summary>
internal sealed class LogSignal(TimeProvider time) : IDisposable
{
    // So many deliveries in each commit mean that senders wait for one another.
    private const int Saturated = 24;

    private static readonly TimeSpan Lately = TimeSpan.FromMilliseconds(50);

    private readonly WakeSignal changed = new(time);
    private readonly ConcurrentDictionary<long, bool> counted = [];
    private long appendedTo;
    private int recentSize;
    private long appendedAt;

    /// <summary>The last entry that is known to have been appended since the start; 0 where none was.</summary>
    public long AppendedTo => Interlocked.Read(ref appendedTo);

    /// <summary>Whether receiving has all it can do: commits have been large lately.</summary>
    public bool IsSaturated => Volatile.Read(ref recentSize) >= Saturated && time.GetElapsedTime(Interlocked.Read(ref appendedAt)) < Lately;

    /// <summary>So many entries were appended, up to this one.</summary>
    public void Appended(long seq, int count)
    {
        var before = Volatile.Read(ref recentSize);
        Volatile.Write(ref recentSize, before + ((count - before) / 4)); // one writer: the log's
        Interlocked.Exchange(ref appendedAt, time.GetTimestamp());
        AppendedElsewhere(seq);
    }

    /// <summary>Another instance has appended, up to this entry.</summary>
    public void AppendedElsewhere(long seq)
    {
        long before;
        do
        {
            before = AppendedTo;
        } while (before < seq && Interlocked.CompareExchange(ref appendedTo, seq, before) != before);

        Wake();
    }

    /// <summary>A repeat of a delivery was counted, and not logged.</summary>
    public void Counted(long seq)
    {
        counted[seq] = true;
        Wake();
    }

    /// <summary>Takes the deliveries of which repeats were counted since the last call.</summary>
    public IReadOnlyCollection<long> TakeCounted()
    {
        if (counted.IsEmpty)
        {
            return [];
        }

        var taken = counted.Keys.ToList();
        taken.ForEach(seq => counted.TryRemove(seq, out _));
        return taken;
    }

    /// <summary>There is something to do.</summary>
    public void Wake() => changed.Wake();

    /// <inheritdoc cref="WakeSignal.WaitAsync"/>
    public Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken) => changed.WaitAsync(patience, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => changed.Dispose();
}
