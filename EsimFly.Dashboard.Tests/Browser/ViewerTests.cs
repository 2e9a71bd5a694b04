using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>What is each viewer's own: theme, zone, columns, exports, keyboard.</summary>
public sealed class ViewerTests
{
    // Page, and with it the way back, are in the address: Back, a refresh and a link that is sent to a colleague lead to the same rows.
    [Fact]
    public async Task Page_OfAList_SurvivesBackRefreshAndALink()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        for (var number = 100; number < 220; number++)
        {
            await app.DeliverAsync(
                Signing.Request(
                    Samples.With(
                        "2025-11/order.created",
                        data => (data["order_id"], data["order_reference"]) = ($"ORD-{number}", $"REF-{number}")
                    )
                )
            );
        }

        await app.SettleAsync();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        var page = await browser.OpenAsync(app.Address, "/orders");
        var first = page.Locator("tr[data-order]").First;
        var newest = await first.GetAttributeAsync("data-order");

        await page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await Assertions.Expect(first).Not.ToHaveAttributeAsync("data-order", newest!);
        var second = await first.GetAttributeAsync("data-order");
        await page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(20); // the last of 120
        await page.GoBackAsync();
        await Assertions.Expect(first).ToHaveAttributeAsync("data-order", second!);
        await first.Locator("a.row-link").ClickAsync();
        await page.WaitForURLAsync("**/orders/ORD-*");
        await page.GoBackAsync();
        await Assertions.Expect(first).ToHaveAttributeAsync("data-order", second!);
        await page.ReloadAsync();
        await Assertions.Expect(first).ToHaveAttributeAsync("data-order", second!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Newer" }).ClickAsync();
        await Assertions.Expect(first).ToHaveAttributeAsync("data-order", newest!);

        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task SystemTheme_ThatChanges_IsFollowedWithoutAReload_AndAColumnMenuClosesAsMenusDo()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        await using var browser = await ChromiumBrowser.LaunchAsync(ColorScheme.Light);
        await browser.SignInAsync(app, AccountRole.Viewer);
        var page = await browser.OpenAsync(app.Address, "/orders");
        var before = await page.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).color");

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Assertions.Expect(page.Locator("html[data-theme='dark']")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("body")).Not.ToHaveCSSAsync("color", before);

        await page.Locator(".columns-menu summary").ClickAsync();
        var list = page.Locator(".columns-list");
        await Assertions.Expect(list.GetByText("Last event")).ToBeInViewportAsync();
        Assert.True(
            await list.EvaluateAsync<bool>(
                "list => { const box = list.lastElementChild.getBoundingClientRect(); "
                    + "return list.contains(document.elementFromPoint(box.x + 4, box.y + 4)); }"
            ),
            "the last column can be reached"
        );
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(list).ToBeHiddenAsync();
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Export_WithTestsHidden_LeavesThemOut()
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.Get<EsimFly.Dashboard.Simulator.SimulatorActions>()
            .PlayAsync(
                await app.JoinAsync(AccountRole.Support),
                EsimFly.Dashboard.Simulator.Scenarios.Find("replay")!,
                TimeSpan.Zero,
                new Progress<EsimFly.Dashboard.Simulator.ScenarioProgress>(),
                TestContext.Current.CancellationToken
            );
        await app.SettleAsync();
        using var client = await app.SignInAsync(AccountRole.Viewer);

        foreach (var (path, all) in new[] { ("/orders.csv", 2), ("/deliveries.csv", 2) })
        {
            Assert.Equal(all, Rows(await client.GetStringAsync(path, TestContext.Current.CancellationToken)));
            Assert.Equal(1, Rows(await client.GetStringAsync(path + "?tests=hidden", TestContext.Current.CancellationToken)));
        }

        static int Rows(string csv) => csv.Trim().Split('\n').Length - 1;
    }

    [Fact]
    public async Task Export_IsDownloadedWithTheFiltersOfThePage_AndAudited()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.DeliverAsync(
            Signing.Request(Samples.With("2025-11/order.created", data => (data["order_id"], data["package_name"]) = ("ORD-9", "=1+1")))
        );
        await app.SettleAsync();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        var page = await browser.OpenAsync(app.Address, "/orders?q=ORD-9");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("export").ClickAsync());

        Assert.Equal("orders-ORD-9.csv", download.SuggestedFilename);
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.StartsWith("order_id,order_reference,state,", lines[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.StartsWith("ORD-9,REF-ABC-123,Processing,", Assert.Single(lines[1..]), StringComparison.Ordinal);
        Assert.Contains("'=1+1", lines[1], StringComparison.Ordinal);
        await using var context = app.OpenContext();
        var entry = await context
            .Audit.AsNoTracking()
            .SingleAsync(row => row.Action == AuditActions.ListExported, TestContext.Current.CancellationToken);
        Assert.Equal(("viewer@example.com", "orders"), (entry.Actor, entry.Subject));
        Assert.Contains("ORD-9", entry.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_AreOfTheViewersZone()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        await using var browser = await ChromiumBrowser.LaunchAsync(timeZone: "Australia/Adelaide");
        await browser.SignInAsync(app, AccountRole.Viewer);

        var page = await browser.OpenAsync(app.Address, "/orders/ORD-123456");

        await Assertions
            .Expect(page.Locator(".timeline time").First)
            .ToHaveAttributeAsync("title", "16 Jan 2025, 21:00:00 (Australia/Adelaide) · 2025-01-16 10:30:00Z");
    }

    [Fact]
    public async Task Columns_ChosenByAViewer_AreRememberedByTheirBrowser()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        var page = await browser.OpenAsync(app.Address, "/orders");
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Package code" })).ToHaveCountAsync(0);

        await page.Locator(".columns-menu summary").ClickAsync();
        await page.GetByLabel("Package code").CheckAsync();
        await page.GetByLabel("Amount").UncheckAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Package code" })).ToBeVisibleAsync();
        var again = await browser.OpenAsync(app.Address, "/orders");

        await Assertions.Expect(again.GetByRole(AriaRole.Columnheader, new() { Name = "Package code" })).ToBeVisibleAsync();
        await Assertions.Expect(again.GetByRole(AriaRole.Columnheader, new() { Name = "Amount" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Keyboard_ReachesTheListTheRowsAndTheActions()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.DeliverAsync(Signing.Sample("2025-11/order.failed"));
        await app.SettleAsync();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var page = await browser.OpenAsync(app.Address, "/");

        await TabToAsync(page, "a[href='/orders']");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("tr[data-order]").WaitForAsync();
        await TabToAsync(page, "button.choice:text('Failed')");
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.GetByLabel("Error")).ToBeVisibleAsync();
        await TabToAsync(page, "a.row-link");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByTestId("verdict").WaitForAsync();
        await TabToAsync(page, "[data-testid=copy-evidence]");

        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByText("Copied: the evidence for eSIMfly")).ToBeVisibleAsync();
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        var target = page.Locator(selector).First;
        for (var i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (
                await target.EvaluateAsync<bool>(
                    "element => element === document.activeElement || element.contains(document.activeElement)"
                )
            )
            {
                return;
            }
        }

        Assert.Fail($"{selector} was not reached with Tab.");
    }
}
