using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk.Deliveries;

/// <summary>Deliveries found by what staff have.</summary>
public sealed class DeliverySearchTests
{
    [Theory]
    [InlineData("ORD-123456", "order.created order.completed")]
    [InlineData("ord 123456", "order.created order.completed")]
    [InlineData("ORD-12", "order.created order.completed")]
    [InlineData("REF-ABC-123", "order.created order.completed")]
    [InlineData("8901234567890123456", "order.completed esim.activated")]
    [InlineData("ICCID: 8901 2345 6789 0123 456", "order.completed esim.activated")]
    [InlineData("3456", "order.created order.completed esim.activated")]
    [InlineData("٣٤٥٦", "order.created order.completed esim.activated")]
    [InlineData("the-id", "balance.low")]
    [InlineData("balance.low", "balance.low")]
    [InlineData("ORD-999", "")]
    public async Task Search_ByAnOrderAReferenceAnIccidOrAnId_FindsWhatIsAboutIt(string typed, string found)
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.DeliverAsync(Signing.Request(Samples.With("2025-11/esim.activated", data => data["iccid"] = "8901234567890123456")));
        await app.DeliverAsync(Signing.Sample("2025-11/balance.low", "the-id"));
        await app.SettleAsync();
        var who = await app.JoinAsync(AccountRole.Viewer);
        var queries = app.Get<DeliveryQueries>();
        var filter = new DeliveryFilter(typed, null) { IsOldestFirst = true };

        var page = await queries.ListAsync(who, filter, null, 10, TestContext.Current.CancellationToken);

        Assert.Equal(found, string.Join(' ', page.Rows.Select(row => row.EventName)));
        Assert.Equal(page.Rows.Count, await queries.CountAsync(who, filter, TestContext.Current.CancellationToken));
        Assert.All(
            page.Rows.Where(row => row.EventName is "order.created" or "order.completed"),
            row => Assert.Equal("ORD-123456", row.OrderName)
        );
        Assert.All(
            page.Rows.Where(row => row.EventName is "order.completed" or "esim.activated"),
            row => Assert.Equal("8901234567890123456", row.Iccid)
        );
    }
}
