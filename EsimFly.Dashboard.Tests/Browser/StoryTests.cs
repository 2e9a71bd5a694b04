using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>
/// What did not come as it should, on open pages in real Chromium: the retry clock, an outage, what never came, and a rebuild.
/// </summary>
public sealed class StoryTests
{
    [Fact]
    public async Task Outage_ByAWrongSecret_IsOnOpenPages_AndOverWhenTheRightOneIsAdded()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Admin);
        var retries = await browser.OpenAsync(app.Address, "/deliveries/retries");
        var health = await browser.OpenAsync(app.Address, "/health");
        await Assertions.Expect(retries.GetByText("No delivery waits for a retry")).ToBeVisibleAsync();

        using var refused = await app.Client.SendAsync(
            Signing.Request(Samples.Read("2025-11/order.created"), secret: "whsec_new", id: "d-1", eventName: "order.created"),
            TestContext.Current.CancellationToken
        );

        foreach (var id in new[] { "d-2", "d-3" })
        {
            using var more = await app.Client.SendAsync(
                Signing.Request(Samples.Read("2025-11/order.created"), secret: "whsec_new", id: id, eventName: "order.created"),
                TestContext.Current.CancellationToken
            );
        }

        var row = retries.Locator("[data-retries='Not verified'] tr[data-delivery-id='d-1']");
        await Assertions.Expect(row).ToContainTextAsync("Attempt 1 of 6 failed. Attempt 2 is expected");
        await Assertions.Expect(row).ToContainTextAsync("ORD-123456");
        await Assertions.Expect(row).ToContainTextAsync("(inferred)");
        await Assertions.Expect(health.GetByTestId("outage")).ToContainTextAsync("is not the one that it signs with");
        await Assertions.Expect(health.GetByTestId("at-risk")).ToHaveCountAsync(0);

        await row.GetByRole(AriaRole.Link, new() { Name = "order.created" }).ClickAsync();
        await Assertions.Expect(retries.GetByTestId("verdict")).ToContainTextAsync("It matches no secret that is or was here");
        var settings = await browser.OpenAsync(app.Address, "/settings");
        await settings.GetByTestId("add-secret").GetByLabel("Label").FillAsync("New");
        await settings.GetByTestId("add-secret").GetByLabel("Secret").FillAsync("whsec_new");
        await settings.GetByTestId("add-secret").GetByRole(AriaRole.Button, new() { Name = "Add the secret" }).ClickAsync();
        await Assertions.Expect(settings.GetByTestId("result")).ToContainTextAsync("3 of 3 ");
        await Assertions.Expect(health.GetByTestId("outage")).ToHaveCountAsync(0);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task WhatNeverCame_IsListedLive_AndLeavesWhenItComes()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        var page = await browser.OpenAsync(app.Address, "/deliveries/missing");
        var order = await browser.OpenAsync(app.Address, "/orders/ORD-123456");
        await Assertions.Expect(page.GetByText("Nothing is missing")).ToBeVisibleAsync();

        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await Assertions
            .Expect(page.Locator("[data-missing='OrderCreated'] tr[data-subject='ORD-123456']"))
            .ToContainTextAsync("order.created");
        await Assertions.Expect(order.Locator("li[data-missing='OrderCreated']")).ToContainTextAsync("Not come yet: order.created");

        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await Assertions.Expect(page.GetByText("Nothing is missing")).ToBeVisibleAsync();
        await Assertions.Expect(order.Locator("li[data-missing]")).ToHaveCountAsync(0);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Rebuild_FindsWhatIsPlanted_AndMendsIt()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.SettleAsync();
        await app.Get<ReadModelWriter>()
            .WriteAsync(transaction => transaction.Execute("""UPDATE "Orders" SET "Status" = 2"""), TestContext.Current.CancellationToken);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Admin);
        var page = await browser.OpenAsync(app.Address, "/deliveries/rebuild");

        await page.GetByTestId("compare").ClickAsync();
        await Assertions.Expect(page.Locator("[data-difference='Status']")).ToContainTextAsync("ORD-123456");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("report")).ToContainTextAsync("mended");
        await page.GetByTestId("compare").ClickAsync();
        await Assertions.Expect(page.GetByTestId("report")).ToContainTextAsync("No differences");
        Assert.Empty(browser.Problems);
    }
}
