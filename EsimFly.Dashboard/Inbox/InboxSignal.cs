using System.Threading.Channels;

namespace EsimFly.Dashboard.Inbox;

/// <summary>
/// Wakes whoever works on the inbox. It only wakes: what is to be done stands in the database, and a lost signal is made
/// good by the next sweep.
/// </summary>
internal sealed class InboxSignal
{
    // So many sequence numbers may wait to be shown as changed; with more, the oldest go, and pages re-query all the same.
    private const int Capacity = 65_536;

    private readonly Channel<(long Seq, bool IsTest)> changed = Channel.CreateBounded<(long Seq, bool IsTest)>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private int rejected;

    /// <summary>Deliveries were kept, arrived again or were requeued.</summary>
    public void DeliveriesChanged(IEnumerable<(long Seq, bool IsTest)> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            changed.Writer.TryWrite(delivery);
        }
    }

    /// <summary>The ring of rejected requests changed.</summary>
    public void RejectedChanged()
    {
        Volatile.Write(ref rejected, 1);
        changed.Writer.TryWrite(default);
    }

    /// <summary>Waits until something changed or <paramref name="patience"/> is over.</summary>
    public async Task WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), waiting, patience, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        try
        {
            await changed.Reader.WaitToReadAsync(waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Patience is over: the caller sweeps.
        }
    }

    /// <summary>Takes what changed since the last call.</summary>
    /// <returns>Sequence numbers of deliveries, and whether the rejected ring changed.</returns>
    public (IReadOnlySet<(long Seq, bool IsTest)> Deliveries, bool Rejected) Take()
    {
        var deliveries = new HashSet<(long Seq, bool IsTest)>();
        while (changed.Reader.TryRead(out var delivery))
        {
            if (delivery.Seq != 0)
            {
                deliveries.Add(delivery);
            }
        }

        return (deliveries, Interlocked.Exchange(ref rejected, 0) == 1);
    }
}
