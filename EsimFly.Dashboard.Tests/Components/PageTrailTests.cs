using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Desk.TopUps;

namespace EsimFly.Dashboard.Tests.Components;

/// <summary>Where in a list its viewer is, in the address.</summary>
public sealed class PageTrailTests
{
    [Theory]
    [InlineData("id:ORD-1")]
    [InlineData("id:a|b.c|d")]
    [InlineData("ref:أوروبا 5/?&=")]
    public void Place_OfARow_IsReadAgainFromTheAddress(string key)
    {
        var trail = PageTrail.Further(PageTrail.Further(null, PageTrail.PlaceOf(1, false, "x")), PageTrail.PlaceOf(-5, true, key));

        Assert.Equal(new OrderPosition(-5, key, IsTest: true), OrderPosition.Read(trail));
        Assert.Equal(new OrderPosition(1, "x", IsTest: false), OrderPosition.Read(PageTrail.Back(trail)));
        Assert.Null(PageTrail.Back(PageTrail.Back(trail)));
    }

    [Fact]
    public void Place_WithoutADate_IsReadAgain() => Assert.Equal(new TopUpPosition(0, 7), TopUpPosition.Read(PageTrail.PlaceOf(null, 7L)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("!!!")]
    [InlineData("eA")]
    public void Place_ThatIsNone_IsTheFirstPage(string? trail) => Assert.Null(OrderPosition.Read(trail));

    [Fact]
    public void Trail_OfManyPages_HasABound()
    {
        string? trail = null;
        for (var page = 0; page < 200; page++)
        {
            trail = PageTrail.Further(trail, PageTrail.PlaceOf(page, false, "id:ORD-1234567890"));
        }

        Assert.InRange(trail!.Length, 1, 1000);
        Assert.Equal(199, OrderPosition.Read(trail)!.Value.SortAtMs);
    }
}
