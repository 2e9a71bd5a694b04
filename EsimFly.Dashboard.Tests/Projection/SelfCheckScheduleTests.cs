using EsimFly.Dashboard.Projection;

namespace EsimFly.Dashboard.Tests.Projection;

/// <summary>When the nightly self-check runs.</summary>
public sealed class SelfCheckScheduleTests
{
    [Theory]
    [InlineData("2026-11-24T02:59:00Z", 1)]
    [InlineData("2026-11-24T03:00:00Z", 24 * 60)]
    [InlineData("2026-11-24T12:00:00Z", 15 * 60)]
    public void SelfCheck_IsDueAtThree(string now, int minutes) =>
        Assert.Equal(
            TimeSpan.FromMinutes(minutes),
            SelfCheck.UntilNight(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture))
        );

    [Theory]
    [InlineData("2026-11-24T03:00:00Z", "2026-11-25T03:00:00Z", true)]
    [InlineData("2026-11-24T03:00:09Z", "2026-11-25T03:00:01Z", true)]
    [InlineData("2026-11-24T03:00:00Z", "2026-11-24T16:05:00Z", false)]
    [InlineData("2026-11-24T03:00:00Z", "2026-11-25T09:05:00Z", true)]
    public void SelfCheck_IsMadeOnceANight(string last, string now, bool isDue) =>
        Assert.Equal(
            isDue,
            SelfCheck.IsDue(
                DateTimeOffset.Parse(last, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(),
                DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)
            )
        );
}
