namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The system's clock, set forward or back as a person might; what is measured and waited for goes on as ever.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long shiftTicks;

    public void Shift(TimeSpan by) => Interlocked.Exchange(ref shiftTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref shiftTicks));
}
