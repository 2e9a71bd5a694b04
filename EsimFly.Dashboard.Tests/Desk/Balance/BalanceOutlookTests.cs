using EsimFly.Dashboard.Desk.Balance;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk.Balance;

/// <summary>"Will we run dry?", reckoned.</summary>
public sealed class BalanceOutlookTests
{
    [Fact]
    public void NoReading_NoOutlook() => Assert.Null(BalanceOutlook.Of(null, 0, 0, null, Rows.NowMs, "USD"));

    [Fact]
    public void AtAnEvenPace_SaysWhenAndFromWhat()
    {
        var outlook = BalanceOutlook.Of(Reading(100), spentSince: 20, spentLately: 40, paceFromMs: Rows.InHours(-96), Rows.NowMs, "USD")!;

        Assert.Equal(80, outlook.Left);
        Assert.Equal(20, outlook.SpentSince);
        Assert.Equal(Rows.InHours(192), outlook.EmptyAtMs); // 10 a day
        Assert.Equal(
            "By the amounts of orders and top-ups of the last 4 days, 10.00 USD a day. Money paid in is not reported by webhook.",
            outlook.Basis
        );
    }

    [Fact]
    public void MoreSpentThanThereWas_SaysSo()
    {
        var outlook = BalanceOutlook.Of(Reading(15), spentSince: 20, spentLately: 40, paceFromMs: Rows.InHours(-48), Rows.NowMs, "USD")!;

        Assert.Null(outlook.EmptyAtMs);
        Assert.Equal(-5, outlook.Left);
        Assert.StartsWith("By what was spent since the reading it is used up already", outlook.Basis, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, -48.0)]
    [InlineData(40, -0.5)]
    public void TooLittleToGoBy_SaysNoTime(int spentLately, double paceFromHours)
    {
        var outlook = BalanceOutlook.Of(Reading(100), spentSince: 0, spentLately, Rows.InHours(paceFromHours), Rows.NowMs, "USD")!;

        Assert.Null(outlook.EmptyAtMs);
        Assert.Contains("Too little was spent", outlook.Basis, StringComparison.Ordinal);
    }

    private static BalanceRow Reading(decimal balance) => new(1, balance, 200, null, Rows.InHours(-10));
}
