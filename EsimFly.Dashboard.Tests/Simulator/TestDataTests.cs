using Bunit;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Simulator;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EsimFly.Dashboard.Tests.Simulator;

/// <summary>Test data can be hidden and deleted, and live data can be rebuilt.</summary>
public sealed class TestDataTests : IAsyncLifetime
{
    private readonly DashboardApp app = new();
    private readonly BunitContext context = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await context.SignInAsync(app, AccountRole.Admin);
        foreach (var sample in Samples.Names)
        {
            await app.DeliverAsync(Signing.Sample(sample));
        }

        await app.Get<SimulatorActions>()
            .PlayAsync(
                await app.JoinAsync(AccountRole.Support),
                Scenarios.Find("happy-path")!,
                TimeSpan.Zero,
                new Progress<ScenarioProgress>(),
                Token
            );
        await app.SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Delete_TakesAllTestData_AndNoLiveData()
    {
        await using var before = app.OpenContext();
        var real = await before.Events.CountAsync(row => !row.IsTest, Token);

        var deleted = await app.Get<TestData>().DeleteAsync(await app.JoinAsync(AccountRole.Support), new Progress<int>(), Token);

        Assert.Equal(10, deleted);
        await using var after = app.OpenContext();
        Assert.False(
            await after.Deliveries.AnyAsync(row => row.IsTest, Token)
                || await after.Orders.AnyAsync(row => row.IsTest, Token)
                || await after.Esims.AnyAsync(row => row.IsTest, Token)
                || await after.Events.AnyAsync(row => row.IsTest, Token)
                || await after.EventEsims.AnyAsync(row => row.IsTest, Token)
        );
        Assert.Equal(real, await after.Events.CountAsync(Token));
        Assert.Equal(Samples.Names.Count, await after.Deliveries.CountAsync(Token));
        Assert.Equal(await after.Deliveries.SumAsync(row => row.Arrivals, Token), await after.Arrivals.CountAsync(Token));
        Assert.Empty((await app.Get<Rebuild>().RunAsync(apply: false, progress: null, Token)).Differences);
        Assert.True(await after.Audit.AnyAsync(row => row.Action == AuditActions.TestDataDeleted, Token));
    }

    [Fact]
    public void Hidden_ListsLeaveItOut_AndTakeItInAgain()
    {
        var page = context.Render<OrdersPage>();
        page.WaitForAssertion(() => Assert.Contains("TEST-", page.Markup, StringComparison.Ordinal));
        var choices = context.Services.GetRequiredService<ViewerChoices>();

        choices.Hide(tests: true);
        page.WaitForAssertion(() => Assert.DoesNotContain("TEST-", page.Markup, StringComparison.Ordinal));
        Assert.Contains("ORD-123456", page.Markup, StringComparison.Ordinal);
        choices.Hide(tests: false);

        page.WaitForAssertion(() => Assert.Contains("TEST-", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rebuild_ADifferencePlantedByHand_IsShown_AndMendedOnlyWhenApplied()
    {
        await app.Get<ReadModelWriter>()
            .WriteAsync(transaction => transaction.Execute("""UPDATE "Orders" SET "Status" = 2 WHERE "OrderId" = 'ORD-123456'"""), Token);
        var page = context.Render<RebuildPage>();

        await page.Find("[data-testid=compare]").ClickAsync();
        page.WaitForAssertion(
            () => Assert.Contains("ORD-123456", page.Find("[data-difference=Status]").TextContent, StringComparison.Ordinal),
            TimeSpan.FromSeconds(10)
        );
        await using (var reading = app.OpenContext())
        {
            Assert.Equal(
                OrderStatus.Failed,
                (await reading.Orders.AsNoTracking().SingleAsync(row => row.OrderId == "ORD-123456", Token)).Status
            );
        }

        await page.FindAll("[data-testid=report] button")[0].ClickAsync();
        await page.FindAll("[data-testid=report] .confirm button")[0].ClickAsync();
        page.WaitForAssertion(() => Assert.Contains("mended", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        await page.Find("[data-testid=compare]").ClickAsync();
        page.WaitForAssertion(
            () => Assert.StartsWith("No differences", page.Find("[data-testid=report]").TextContent.Trim(), StringComparison.Ordinal),
            TimeSpan.FromSeconds(10)
        );
        await using var after = app.OpenContext();
        Assert.Equal(
            OrderStatus.Completed,
            (await after.Orders.AsNoTracking().SingleAsync(row => row.OrderId == "ORD-123456", Token)).Status
        );
    }
}
