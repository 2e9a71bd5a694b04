using System.Globalization;
using System.Text.Json;
using EsimFly.Dashboard.EsimflyApi;

namespace EsimFly.Dashboard.Tests.EsimflyApi;

/// <summary>Whether a list of eSIMfly's goes on after a page, in whatever form it says so.</summary>
public sealed class WholesalePageTests
{
    [Theory]
    [InlineData("""{"total_pages":3}""", 1, true)]
    [InlineData("""{"total_pages":3}""", 3, false)]
    [InlineData("""{"totalPages":"3"}""", 2, true)]
    [InlineData("""{"total_pages":3.0}""", 2, true)]
    [InlineData("""{"total_pages":"many"}""", 1, false)]
    [InlineData("null", 1, false)]
    public void PageThatIsNotFull_GoesOnByWhatItSays(string pagination, int page, bool hasMore) =>
        Assert.Equal(hasMore, Read(7, pagination).HasMore(page, before: null));

    [Theory]
    [InlineData("""{"total_pages":1}""")]
    [InlineData("""{"total_pages":null}""")]
    [InlineData("null")]
    public void PageThatIsFull_GoesOnWhateverItSays(string pagination) =>
        Assert.True(Read(WholesalePage.Size, pagination).HasMore(1, before: null));

    [Fact]
    public void SamePageAgain_IsTheEnd() =>
        Assert.False(Read(WholesalePage.Size, "null").HasMore(2, before: Read(WholesalePage.Size, "null")));

    [Fact]
    public void EmptyPage_IsTheEnd_AndItemsThatAreNoObjectsAreCountedAndPassedOver()
    {
        Assert.False(Read(0, """{"total_pages":9}""").HasMore(2, before: null));
        using var answer = JsonDocument.Parse("""{"data":{"orders":[1,null,{"id":"a"},"x"]}}""");
        var page = WholesalePage.Read(answer.RootElement, "orders")!;
        Assert.Equal((1, 4), (page.Items.Count, page.Listed));
    }

    private static WholesalePage Read(int items, string pagination)
    {
        var list = string.Join(',', Enumerable.Range(0, items).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{i}}}")));
        using var answer = JsonDocument.Parse($"{{\"data\":{{\"orders\":[{list}],\"pagination\":{pagination}}}}}");
        return WholesalePage.Read(answer.RootElement, "orders")!;
    }
}
