namespace EsimFly.Dashboard.Live;

/// <summary>One subscriber's coalesced view of the changes.</summary>
internal sealed partial class Subscription : IDisposable
{
    // More distinct changes than this are not named one by one.
    private const int MaxNamed = 1000;

    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly HashSet<Topic> topics;
    private readonly Func<ChangeSet, Task> callback;
    private readonly TimeSpan interval;
    private readonly Func<int> subscribers;
    private readonly Action<Subscription> remove;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ITimer timer;
    private HashSet<Change> pending = [];
    private bool isPartial;
    private bool isScheduled;
    private bool isDisposed;
    private long lastRunAt;
    private TimeSpan lastTook;

    /// <summary>Makes a subscription; see <see cref="ChangeNotifier.Subscribe"/>.</summary>
    public Subscription(
        IEnumerable<Topic> topics,
        Func<ChangeSet, Task> callback,
        TimeSpan interval,
        Func<int> subscribers,
        Action<Subscription> remove,
        TimeProvider time,
        ILogger logger
    )
    {
        this.topics = [.. topics];
        this.callback = callback;
        this.interval = interval;
        this.subscribers = subscribers;
        this.remove = remove;
        this.time = time;
        this.logger = logger;
        timer = time.CreateTimer(
            static state => _ = ((Subscription)state!).RunAsync(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Adds what concerns this subscriber and sees to it that the callback runs.</summary>
    public void Add(IReadOnlyCollection<Change> changes, IReadOnlyCollection<Topic> much)
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            isPartial |= much.Any(topics.Contains);
            foreach (var change in changes)
            {
                if (!topics.Contains(change.Topic))
                {
                    continue;
                }

                if (pending.Count < MaxNamed)
                {
                    pending.Add(change);
                }
                else
                {
                    isPartial = true;
                }
            }

            Schedule();
        }
    }

    /// <summary>Notes that anything may have changed.</summary>
    public void AddEverything()
    {
        lock (gate)
        {
            if (!isDisposed)
            {
                isPartial = true;
                Schedule();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            isDisposed = true;
        }

        timer.Dispose();
        remove(this);
    }

    private void Schedule()
    {
        if (isScheduled || isDisposed || (pending.Count == 0 && !isPartial))
        {
            return;
        }

        isScheduled = true;
        var wait = lastRunAt == 0 ? TimeSpan.Zero : Interval - time.GetElapsedTime(lastRunAt);
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    // Receiving must not starve beside many open pages: each rests in proportion to what it took and to how many there are.
    private TimeSpan Interval
    {
        get
        {
            var share = lastTook * ((double)subscribers() / Environment.ProcessorCount);
            return share > MaxInterval ? MaxInterval
                : share > interval ? share
                : interval;
        }
    }

    private async Task RunAsync()
    {
        ChangeSet changes;
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            changes = new ChangeSet(pending, isPartial);
            pending = [];
            isPartial = false;
            lastRunAt = time.GetTimestamp();
        }

        try
        {
            await callback(changes);
        }
        catch (ObjectDisposedException)
        {
            // The subscriber went away while it was being called.
        }
        catch (Exception fault)
        {
            Log.CallbackFailed(logger, fault);
        }

        lock (gate)
        {
            lastTook = time.GetElapsedTime(lastRunAt);
            isScheduled = false;
            Schedule();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A subscriber to changes failed.")]
        public static partial void CallbackFailed(ILogger logger, Exception fault);
    }
}
