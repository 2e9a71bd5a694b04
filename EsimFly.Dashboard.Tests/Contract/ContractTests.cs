using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Contract;

public sealed class ContractTests
{
    [Fact]
    public void RetrySchedule_OfEachContract_SpansWhatIsPublished()
    {
        Assert.Equal(new TimeSpan(1, 12, 35), RetrySchedule.Of(ContractVersion.V2025_11).Span);
        Assert.Equal(6, RetrySchedule.V2025_11.Delays.Length);
        Assert.Equal(new TimeSpan(0, 12, 40), RetrySchedule.Of(ContractVersion.V2026_04).Span);
        Assert.Equal(5, RetrySchedule.V2026_04.Delays.Length);
    }

    [Fact]
    public void EventTypes_EachSample_IsKnownByItsName() =>
        Assert.All(Samples.Names, name => Assert.Equal(Samples.EventOf(name), EventTypes.Find(Samples.EventOf(name))?.Name()));

    [Fact]
    public void EventTypes_All_AreThirteenWithDistinctRanks()
    {
        Assert.Equal(13, EventTypes.All.Count);
        Assert.Equal(13, EventTypes.All.Select(type => type.CausalRank()).Distinct().Count());
    }

    [Theory]
    [InlineData("8901234567890123456", true)] // of the published samples; its check digit is wrong
    [InlineData("8948010010092445039", false)]
    [InlineData("8944500102198304826", false)]
    [InlineData("89445001021983048", true)]
    [InlineData("894450010219830482x", true)]
    public void IccidFormat_OddOnes_AreOnlyToldApart(string iccid, bool isOdd) => Assert.Equal(isOdd, IccidFormat.IsOdd(iccid));
}
