using System.Diagnostics;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>What must be there within a second: measured while no other test runs.</summary>
[Collection(Alone.Name)]
public sealed class LatencyTests(ITestOutputHelper output)
{
    [Fact]
    public async Task OpenPages_ADeliveryPosted_IsThereWithinASecondWithoutAReload()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        var overview = await browser.OpenAsync(app.Address, "/");
        var orders = await browser.OpenAsync(app.Address, "/orders");
        await Assertions.Expect(overview.GetByText("No events yet")).ToBeVisibleAsync();
        await Assertions.Expect(orders.GetByText("No orders yet")).ToBeVisibleAsync();
        await overview.EvaluateAsync("window.notReloaded = true");

        var started = Stopwatch.GetTimestamp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await Task.WhenAll(
            overview.Locator("tr[data-seq='1']").WaitForAsync(new() { Timeout = 1000 }),
            orders.Locator("tr[data-order='id:ORD-123456']").WaitForAsync(new() { Timeout = 1000 })
        );

        output.WriteLine($"From POST to both pages: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        Assert.True(await overview.EvaluateAsync<bool>("window.notReloaded"));
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await Assertions.Expect(orders.Locator("tr[data-order='id:ORD-123456']")).ToContainTextAsync("Completed");
    }
}
