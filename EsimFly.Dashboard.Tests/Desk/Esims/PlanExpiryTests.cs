using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk.Esims;

public sealed class PlanExpiryTests
{
    private static readonly long GraceMs = (long)PlanExpiry.Grace.TotalMilliseconds;

    [Theory]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    public void IsOverdue_AroundTheGrace_IsTheSameInVerdictListAndMissingEvents(long pastGraceMs, bool expected)
    {
        var nowMs = Rows.NowMs;
        var expiresAtMs = nowMs - GraceMs - pastGraceMs;
        var esim = new EsimEntity
        {
            Iccid = "8948010010092440014",
            IccidReversed = "4100442900100108498",
            FoldState = "{}",
            PlanStatus = PlanStatus.Active,
            ExpiresAtMs = expiresAtMs,
        };

        var missing = MissingQueries.Of(esim, nowMs).Any(row => row.Kind == MissingKind.EsimExpired);
        var due = EsimViews.Filter(null, "due", sort: null, nowMs);
        var expiring = EsimViews.Filter(null, "24h", sort: null, nowMs);

        Assert.Equal(expected, PlanExpiry.IsOverdue(esim.PlanStatus, esim.ExpiresAtMs, nowMs));
        Assert.Equal(expected, missing);
        Assert.Equal(expected, EsimVerdict.Of(esim, [], nowMs).Missing is not null);
        Assert.Equal(expected, expiresAtMs < due.ExpiresBeforeMs);
        Assert.Equal(!expected, expiresAtMs >= expiring.ExpiresFromMs);
    }

    [Theory]
    [InlineData((int)PlanStatus.Expired)]
    [InlineData((int)PlanStatus.Cancelled)]
    public void IsOverdue_OfAPlanThatIsOver_IsFalse(int plan) =>
        Assert.False(PlanExpiry.IsOverdue((PlanStatus)plan, Rows.NowMs - (2 * GraceMs), Rows.NowMs));
}
