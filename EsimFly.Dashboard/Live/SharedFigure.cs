namespace EsimFly.Dashboard.Live;

/// <summary>
/// A figure that many viewers show, derived once for all of them: while nothing has changed everyone gets what is there, and while
/// changes come in a stream it is derived at most once in an interval. Nobody gets less than what was so when they asked.
/// </summary>
/// <param name="topics">The topics whose changes make it out of date.</param>
/// <param name="notifier">Knows of the changes.</param>
/// <param name="time">The clock.</param>
/// <param name="interval">The least time between two workings of the same figure.</param>
/// <param name="freshFor">After this time it is rebuilt though nothing has changed.</param>
/// <param name="read">Reads it.</param>
internal sealed class SharedFigure<TKey, TValue>(
    Topic[] topics,
    ChangeNotifier notifier,
    TimeProvider time,
    TimeSpan interval,
    TimeSpan freshFor,
    Func<TKey, CancellationToken, Task<TValue>> read
)
    where TKey : notnull
{
    // A key is a day, a span or an environment; viewers in many time zones have a few dozen.
    private const int Most = 200;

    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Working> workings = [];

    /// <summary>The figure as it is now.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer waits for it; the others do.</exception>
    public Task<TValue> GetAsync(TKey key, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var last = workings.GetValueOrDefault(key);
            if (last is not null && IsGood(last, now))
            {
                return last.Value.WaitAsync(cancellationToken);
            }

            if (workings.Count >= Most)
            {
                workings.Clear();
            }

            var next = new Working();
            workings[key] = next;
            var wait = last is null ? TimeSpan.Zero : interval - time.GetElapsedTime(last.StartedAt, now);
            next.Value = Task.Run(() => WorkAsync(next, key, wait)); // not under the lock, and on the context of no viewer's page
            return next.Value.WaitAsync(cancellationToken);
        }
    }

    // One that has not begun will see all that has changed until it does.
    private bool IsGood(Working last, long now) =>
        !last.HasBegun
        || (!last.Value.IsFaulted && last.Version == notifier.VersionOf(topics) && time.GetElapsedTime(last.StartedAt, now) < freshFor);

    private async Task<TValue> WorkAsync(Working working, TKey key, TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, CancellationToken.None);
        }

        lock (gate)
        {
            working.Version = notifier.VersionOf(topics);
            working.StartedAt = time.GetTimestamp();
            working.HasBegun = true;
        }

        return await read(key, CancellationToken.None);
    }

    private sealed class Working
    {
        public Task<TValue> Value { get; set; } = null!;

        public bool HasBegun { get; set; }

        public long Version { get; set; }

        public long StartedAt { get; set; }
    }
}
