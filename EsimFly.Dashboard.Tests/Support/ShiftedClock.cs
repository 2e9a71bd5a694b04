namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The system's clock, shifted forward or back; elapsed times and timers are not changed.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private readonly TimeSpan start;
    private long shiftTicks;

    private ShiftedClock(TimeSpan start) => this.start = start;

    /// <summary>The present, until it is shifted.</summary>
    public ShiftedClock()
        : this(TimeSpan.Zero) { }

    /// <summary>Starts at the next 15:00 UTC, so that a test about "today" has the same day behind it whenever it runs.</summary>
    public static ShiftedClock AtThreePm()
    {
        var now = System.GetUtcNow();
        var threePm = new DateTimeOffset(now.Date, TimeSpan.Zero).AddHours(15);
        return new((threePm < now ? threePm.AddDays(1) : threePm) - now);
    }

    public void Shift(TimeSpan by) => Interlocked.Exchange(ref shiftTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + start + TimeSpan.FromTicks(Interlocked.Read(ref shiftTicks));
}
