using System.Globalization;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Intake.Log;

/// <summary>
/// Tells open pages that something came while nothing is folded: they show it from the log. While folding goes on, it is silent:
/// the projection publishes what it wrote.
/// </summary>
internal sealed class WaitingNotice : IDisposable
{
    /// <summary>After so long without any folding the pages are notified.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly ReadModelState readModel;
    private readonly ChangeNotifier notifier;
    private readonly ITimer timer;
    private long head;
    private int isWatching;
    private long foldedTo;
    private long publishedTo;

    public WaitingNotice(ReadModelState readModel, ChangeNotifier notifier, TimeProvider time)
    {
        (this.readModel, this.notifier) = (readModel, notifier);
        timer = time.CreateTimer(static self => ((WaitingNotice)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Entries were appended, up to this one.</summary>
    public void Appended(long seq)
    {
        Interlocked.Exchange(ref head, seq);
        if (Interlocked.Exchange(ref isWatching, 1) == 0)
        {
            timer.Change(Patience, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Look()
    {
        Volatile.Write(ref isWatching, 0);
        var (newest, position) = (Interlocked.Read(ref head), readModel.Position);
        if (newest <= position)
        {
            return;
        }

        if (Interlocked.Exchange(ref foldedTo, position) == position && Interlocked.Exchange(ref publishedTo, newest) != newest)
        {
            notifier.Publish([new Change(Topic.Delivery, newest.ToString(CultureInfo.InvariantCulture), IsTest: false)]);
        }

        Appended(newest);
    }
}
