using System.Collections.Concurrent;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// What requests were answered with, and after how long: measured, so it is not logged, but handed to the read model with the delivery or
/// soon after it. Lost, at worst, in a crash.
/// </summary>
internal sealed class Answers
{
    // While the read model stands, the oldest are forgotten.
    private const int Most = 100_000;

    private readonly ConcurrentQueue<Answer> queue = new();
    private int waiting;

    /// <summary>Notes an answer.</summary>
    /// <param name="entrySeq">The log entry of the request; 0 is passed over.</param>
    /// <param name="status">The HTTP status; 0 where the sender had gone.</param>
    /// <param name="duration">From the request to its answer.</param>
    public void Note(long entrySeq, int status, TimeSpan duration)
    {
        if (entrySeq == 0)
        {
            return;
        }

        queue.Enqueue(new Answer(entrySeq, status, (long)duration.TotalMicroseconds));
        if (Interlocked.Increment(ref waiting) > Most && queue.TryDequeue(out _))
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>Takes those that were noted since the last call.</summary>
    public void Take(List<Answer> into)
    {
        while (queue.TryDequeue(out var answer))
        {
            Interlocked.Decrement(ref waiting);
            into.Add(answer);
        }
    }

    /// <summary>Whether any wait to be taken.</summary>
    public bool IsEmpty => queue.IsEmpty;
}

/// <summary>What a request was answered with.</summary>
/// <param name="EntrySeq">The log entry of the request.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="DurationUs">From the request to its answer, in microseconds.</param>
internal readonly record struct Answer(long EntrySeq, int Status, long DurationUs);
