using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace EsimFly.Dashboard.Tests.Desk.Orders;

public sealed class PackageQueriesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Packages_WhileOrdersCome_KeepNobodyWaiting_AndAreUpToDateAfterSeconds()
    {
        await using var app = new DashboardApp();
        var viewer = await app.JoinAsync(AccountRole.Viewer);
        var time = new FakeTimeProvider(); // stands still: who waits for it waits until the deadline
        var queries = new PackageQueries(
            app.Get<AccessGuard>(),
            app.Get<IDbContextFactory<ReadModelDbContext>>(),
            app.Get<ChangeNotifier>(),
            time
        );
        Assert.Empty(await queries.AllAsync(viewer, Cancel));
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();

        Assert.Empty(await queries.AllAsync(viewer, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["USA 1GB - 7 Days"], await queries.AllAsync(viewer, Cancel));
    }
}
