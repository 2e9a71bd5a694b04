namespace EsimFly.Dashboard.Hosting.Observability;

/// <summary>Keeps what anybody can cause from filling the log: so often, and no more.</summary>
internal sealed class LogPace(TimeSpan every, TimeProvider time)
{
    private long loggedAt;

    /// <summary>Whether it may be logged now; it counts as logged then.</summary>
    public bool IsDue()
    {
        var now = time.GetTimestamp();
        var before = Interlocked.Read(ref loggedAt);
        return (before == 0 || time.GetElapsedTime(before, now) >= every)
            && Interlocked.CompareExchange(ref loggedAt, now, before) == before;
    }
}
