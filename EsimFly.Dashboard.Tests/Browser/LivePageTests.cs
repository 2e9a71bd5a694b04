using System.Diagnostics;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>The pages in real Chromium.</summary>
public sealed class LivePageTests(ITestOutputHelper output)
{
    private static readonly string[] Paths =
    [
        "/",
        "/orders",
        "/orders/ORD-123456",
        "/esims",
        "/esims/8901234567890123456",
        "/esims/8948010010092445039",
        "/balance",
        "/deliveries",
        "/deliveries/1",
        "/deliveries/rejected",
        "/deliveries/rejected/1",
        "/deliveries/retries",
        "/deliveries/missing",
        "/top-ups",
        "/health",
        "/alerts",
        "/simulator",
        "/deliveries/rebuild",
        "/settings",
        "/settings/thresholds",
        "/settings/about",
        "/settings/data",
        "/settings/users",
        "/settings/tokens",
        "/settings/audit",
        "/account",
        "/account/two-step-setup",
        "/account/sign-in",
        "/account/denied",
    ];

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

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task EveryPage_LoadsWithoutErrorsSidewaysScrollingOrSeriousAxeFindings(ColorScheme scheme, int width)
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        foreach (var sample in Samples.Names)
        {
            await app.DeliverAsync(Signing.Sample(sample));
        }

        await app.DeliverAsync(Signing.Request("""{"event":"esim.suspended","data":{}}"""u8.ToArray()));
        using var refused = await app.Client.SendAsync(
            Signing.Request(Samples.Read("2025-11/order.created"), secret: "whsec_another", eventName: "order.created"),
            TestContext.Current.CancellationToken
        );
        await app.SettleAsync();
        await app.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);
        await using var browser = await ChromiumBrowser.LaunchAsync(scheme, width);
        await browser.SignInAsync(app, AccountRole.Admin);
        var findings = new List<string>();
        foreach (var path in Paths)
        {
            var page = await browser.OpenAsync(app.Address, path);

            var sideways = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");

            Assert.True(sideways <= 0, $"{path} scrolls {sideways} px sideways at {width} px");
            findings.AddRange(await FindingsAsync(page, path));
            await page.CloseAsync();
        }

        Assert.Empty(browser.Problems);
        Assert.True(findings.Count == 0, string.Join("\n", findings));
    }

    [Fact]
    public async Task OpenPanels_HaveNoSeriousAxeFindings()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Request(Samples.At("2025-11/balance.low", DateTimeOffset.UtcNow)));
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.SettleAsync();
        await app.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);
        await using var browser = await ChromiumBrowser.LaunchAsync(ColorScheme.Dark);
        await browser.SignInAsync(app, AccountRole.Support);
        var page = await browser.OpenAsync(app.Address, "/orders");

        await page.Locator(".columns-menu summary").ClickAsync();
        var findings = await FindingsAsync(page, "the columns");
        await page.GetByTestId("bell").ClickAsync();
        await page.Locator("#alerts .alert-item").WaitForAsync();
        findings.AddRange(await FindingsAsync(page, "the alerts"));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#search-term").FillAsync("3456");
        await page.Locator("[role=option]").First.WaitForAsync();
        findings.AddRange(await FindingsAsync(page, "the search"));

        Assert.True(findings.Count == 0, string.Join("\n", findings));
    }

    private static async Task<List<string>> FindingsAsync(IPage page, string where)
    {
        await page.EvaluateAsync("Promise.allSettled(document.getAnimations().map(animation => animation.finished))");
        var result = await page.RunAxe();
        return
        [
            .. result
                .Violations.Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation =>
                    $"{where}: {violation.Impact} {violation.Id}: {string.Join(" | ", violation.Nodes.Take(4).Select(Text))}"
                ),
        ];
    }

    private static string Text(AxeResultNode node) => $"{node.Html} ({string.Join(' ', node.Any.Select(check => check.Message))})";
}
