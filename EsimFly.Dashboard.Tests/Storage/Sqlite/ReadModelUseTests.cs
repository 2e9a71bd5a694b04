using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Storage.Sqlite;

/// <summary>Who has the read model's file open is counted however an opening ends, or it could never be replaced again.</summary>
public sealed class ReadModelUseTests
{
    [Fact]
    public async Task Replace_AfterOpeningsThatWereCancelled_DoesNotWaitForThem()
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        using var overtaken = new CancellationTokenSource();
        await overtaken.CancelAsync();
        for (var i = 0; i < 5; i++)
        {
            await using var context = app.OpenReadModel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => context.Orders.ToListAsync(overtaken.Token));
        }

        await app.Get<ReadModelWriter>()
            .WhileClosedAsync(
                () => app.Get<ReadModelDatabase>().Replace(app.Get<ReadModelState>().Epoch, isWhole: false, keepsMeasurements: false),
                TestContext.Current.CancellationToken
            );

        await using var after = app.OpenReadModel();
        Assert.Equal(0, await after.Deliveries.CountAsync(TestContext.Current.CancellationToken));
    }
}
