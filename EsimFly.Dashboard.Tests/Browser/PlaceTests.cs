using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>Where a viewer is, what they typed and what they ticked stays; what is new keeps its contrast at any width.</summary>
public sealed class PlaceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scroll_SurvivesBackAndRefresh()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await DeliverOrdersAsync(app, 60);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        var page = await browser.OpenAsync(app.Address, "/orders");
        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(50);
        await page.EvaluateAsync("scrollTo(0, 700)");
        await ComesTrueAsync(page, "JSON.parse(sessionStorage['esimfly.places'] ?? '[]').some(([, y]) => y === 700)");

        await page.Locator("tr[data-order] a.row-link").Nth(20).EvaluateAsync("link => link.click()");
        await page.WaitForURLAsync("**/orders/ORD-*");
        await page.GoBackAsync();
        await ComesTrueAsync(page, "Math.round(scrollY) === 700");
        await page.ReloadAsync();
        await ComesTrueAsync(page, "Math.round(scrollY) === 700");

        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task WhatWasTyped_SurvivesARestart_AndAClickDuringAHangIsSeenToWait()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        using var folder = new TempFolder();
        var password = Path.Combine(folder.Path, "password");
        await File.WriteAllTextAsync(password, People.Password, Token);
        string[] admin = ["--Admin:Email=ada@example.com", $"--Admin:PasswordFile={password}"];
        await using var browser = await ChromiumBrowser.LaunchAsync();
        IPage page;
        int port;
        using (var first = new AppProcess(folder.Path, arguments: admin))
        {
            port = first.Port;
            await first.BecomeReadyAsync();
            using var delivered = await first.Client.SendAsync(Signing.Sample("2025-11/order.created"), Token);
            delivered.EnsureSuccessStatusCode();
            await browser.SignInAsync(first.Address, "ada@example.com");
            page = await browser.OpenAsync(first.Address, "/orders/ORD-123456");
            await page.GetByTestId("take").WaitForAsync();

            await first.SignalAsync("STOP");
            await page.GetByTestId("take").ClickAsync();
            await ComesTrueAsync(page, "getComputedStyle(document.body, '::after').content.includes('Waiting for the desk')");
            await first.SignalAsync("CONT");
            await Assertions.Expect(page.GetByTestId("case")).ToContainTextAsync("Assigned to");
            await ComesTrueAsync(page, "getComputedStyle(document.body, '::after').content === 'none'");

            await page.GetByLabel("A note").PressSequentiallyAsync("She calls back at five");
        }

        await Assertions.Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        using var second = new AppProcess(folder.Path, port, arguments: admin);
        await second.BecomeReadyAsync();
        await Assertions.Expect(page.GetByText("Connected again.")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByLabel("A note")).ToHaveValueAsync("She calls back at five");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add note" }).ClickAsync();

        await Assertions.Expect(page.Locator(".notes li")).ToContainTextAsync("She calls back at five");
    }

    [Fact]
    public async Task Row_LeadsToItsPage_ButNotWhileItsTextIsSelected_AndTickedRowsAreExported()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await DeliverOrdersAsync(app, 5);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        var page = await browser.OpenAsync(app.Address, "/orders");
        var cell = page.Locator("tr[data-order] td[data-label=Package]").First;
        var before = page.Url;

        var text = (await cell.Locator("span").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(text.X + 1, text.Y + (text.Height / 2));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(text.X + text.Width - 1, text.Y + (text.Height / 2), new() { Steps = 5 });
        await page.Mouse.UpAsync();
        Assert.True(await page.EvaluateAsync<bool>("getSelection().toString().trim().length > 0"));
        await page.GetByLabel("Select order ORD-101").CheckAsync();
        await page.GetByLabel("Select order ORD-103").CheckAsync();
        await Assertions.Expect(page.GetByTestId("picked")).ToContainTextAsync("2 selected");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("export-picked").ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), Token);
        Assert.Equal(3, lines.Length);
        Assert.Equal(before, page.Url);

        await page.EvaluateAsync("getSelection().empty()");
        await cell.ClickAsync();
        await page.WaitForURLAsync("**/orders/ORD-*");
        Assert.Empty(browser.Problems);
    }

    [Theory]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(800, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(2560, ColorScheme.Light)]
    public async Task WhatIsNew_KeepsItsContrast_AndNothingScrollsSideways(int width, ColorScheme scheme)
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await DeliverOrdersAsync(app, 3);
        await using var browser = await ChromiumBrowser.LaunchAsync(scheme, width);
        await browser.SignInAsync(app, AccountRole.Viewer);
        var pages = new List<IPage>();
        foreach (var path in new[] { "/", "/orders", "/deliveries" })
        {
            var page = await browser.OpenAsync(app.Address, path);
            // The highlight stands still at its strongest.
            await page.AddStyleTagAsync(new() { Content = "* { animation-play-state: paused !important; }" });
            pages.Add(page);
        }

        await app.DeliverAsync(
            Signing.Request(
                Samples.With("2025-11/order.created", data => (data["order_id"], data["order_reference"]) = ("ORD-NEW", "REF-NEW"))
            )
        );
        foreach (var page in pages)
        {
            await page.Locator(".fresh").First.WaitForAsync();
            Assert.Empty(await Accessibility.FindingsNowAsync(page, page.Url));
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth") <= 0, page.Url);
        }

        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Wall_ShowsWhatMatters_WithoutAnythingToClick_AndPaperHasNoNavigation()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await DeliverOrdersAsync(app, 2);
        await app.DeliverAsync(Signing.Sample("2025-11/balance.low"));
        await app.SettleAsync();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        var wall = await browser.OpenAsync(app.Address, "/wall");
        var placed = wall.Locator("[data-tile=failed]");

        await Assertions.Expect(wall.Locator("[data-tile=balance] .figure")).ToContainTextAsync("15.50");
        await wall.SetViewportSizeAsync(390, 844);
        Assert.True(await wall.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth") <= 0);
        await Assertions.Expect(wall.Locator(".wall-main").Locator("a, button, input")).ToHaveCountAsync(0);
        await app.DeliverAsync(Signing.Sample("2025-11/order.failed"));
        await Assertions.Expect(placed).ToBeVisibleAsync();

        var order = await browser.OpenAsync(app.Address, "/orders/ORD-100");
        await order.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(order.Locator(".mud-appbar, .mud-drawer, .page-actions").First).ToBeHiddenAsync();
        await Assertions.Expect(order.GetByTestId("verdict")).ToBeVisibleAsync();
        Assert.Empty(browser.Problems);
    }

    private static Task ComesTrueAsync(IPage page, string condition) =>
        Eventually.IsTrueAsync(() => page.EvaluateAsync<bool>(condition), condition);

    private static async Task DeliverOrdersAsync(DashboardApp app, int count)
    {
        for (var number = 100; number < 100 + count; number++)
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
    }
}
