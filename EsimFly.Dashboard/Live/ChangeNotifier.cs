using System.Collections.Immutable;

namespace EsimFly.Dashboard.Live;

/// <summary>
/// Tells subscribers in this process what has changed. Published after the commit; nobody is waited for. Other instances hear of it by
/// <see cref="LiveRelay"/>.
/// </summary>
internal sealed class ChangeNotifier(TimeProvider time, ILogger<ChangeNotifier> logger)
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(100);

    private readonly long[] versions = new long[Enum.GetValues<Topic>().Length];
    private ImmutableArray<Subscription> subscriptions = [];

    /// <summary>Called with what was published here; null where anything may have changed.</summary>
    public Action<IReadOnlyCollection<Change>?> Passed { get; set; } = static _ => { };

    /// <summary>How many subscriptions live: a page that is left behind must take its own with it.</summary>
    public int SubscriptionCount => subscriptions.Length;

    /// <summary>
    /// Subscribes to changes. The callback runs at most once each 100 ms, or whatever is asked for, never twice at once, and
    /// always once more after the last change. Where many subscribers are busy, each runs less often, at least every 2 s. It may
    /// be called on any thread.
    /// </summary>
    /// <param name="topics">The topics to hear of.</param>
    /// <param name="callback">What to do; a fault in it is logged.</param>
    /// <param name="interval">The least time between two calls; null for 100 ms.</param>
    /// <returns>The subscription, to be disposed of.</returns>
    public IDisposable Subscribe(IEnumerable<Topic> topics, Func<ChangeSet, Task> callback, TimeSpan? interval = null)
    {
        var subscription = new Subscription(topics, callback, interval ?? DefaultInterval, () => SubscriptionCount, Remove, time, logger);
        ImmutableInterlocked.Update(ref subscriptions, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    /// <summary>How often anything of the topics has changed: the same number means that nothing has.</summary>
    public long VersionOf(ReadOnlySpan<Topic> topics)
    {
        var sum = 0L;
        foreach (var topic in topics)
        {
            sum += Interlocked.Read(ref versions[(int)topic]);
        }

        return sum;
    }

    /// <summary>Passes changes on.</summary>
    public void Publish(IReadOnlyCollection<Change> changes)
    {
        if (changes.Count > 0)
        {
            Hear(changes, []);
            Passed(changes);
        }
    }

    /// <summary>Anything may have changed: every subscriber looks again.</summary>
    public void PublishEverything()
    {
        Hear(null, []);
        Passed(null);
    }

    /// <summary>Passes on what was published in another instance.</summary>
    /// <param name="changes">What has changed; null where anything may have.</param>
    /// <param name="much">The topics of which more has changed than is named.</param>
    public void Hear(IReadOnlyCollection<Change>? changes, IReadOnlyCollection<Topic> much)
    {
        if (changes is null)
        {
            HearEverything();
            return;
        }

        foreach (var topic in much)
        {
            Interlocked.Increment(ref versions[(int)topic]);
        }

        foreach (var change in changes)
        {
            Interlocked.Increment(ref versions[(int)change.Topic]);
        }

        foreach (var subscription in subscriptions)
        {
            subscription.Add(changes, much);
        }
    }

    private void HearEverything()
    {
        for (var topic = 0; topic < versions.Length; topic++)
        {
            Interlocked.Increment(ref versions[topic]);
        }

        foreach (var subscription in subscriptions)
        {
            subscription.AddEverything();
        }
    }

    private void Remove(Subscription subscription) =>
        ImmutableInterlocked.Update(ref subscriptions, static (all, removed) => all.Remove(removed), subscription);
}
