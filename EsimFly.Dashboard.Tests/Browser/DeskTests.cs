using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>How the desk behaves under its viewers' hands, in real Chromium.</summary>
public sealed class DeskTests
{
    [Fact]
    public async Task Alerts_AreOnEveryOpenPageAtOnce_AndGoneOnAllWhenOneAcknowledges()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var orders = await browser.OpenAsync(app.Address, "/orders");
        var esims = await browser.OpenAsync(app.Address, "/esims");
        var balance = await browser.OpenAsync(app.Address, "/balance");
        await Assertions.Expect(orders.GetByTestId("bell")).ToHaveAccessibleNameAsync("Alerts: none");

        await app.DeliverAsync(Signing.Request(Samples.At("2025-11/balance.low", DateTimeOffset.UtcNow)));

        await Assertions.Expect(orders.GetByTestId("banner")).ToContainTextAsync("Balance low: 15.50 USD");
        await Assertions.Expect(esims.GetByTestId("banner")).ToContainTextAsync("Balance low: 15.50 USD");
        await Assertions.Expect(balance.GetByTestId("bell")).ToHaveAccessibleNameAsync("Alerts: 1 new");
        await Assertions.Expect(balance.GetByTestId("balance")).ToHaveTextAsync("15.50 USD");
        await Assertions.Expect(balance.GetByTestId("banner")).ToHaveCountAsync(0); // the page says it itself

        await orders.GetByTestId("bell").ClickAsync();
        await orders.Locator("#alerts").GetByRole(AriaRole.Button, new() { Name = "Acknowledge: Balance low: 15.50 USD" }).ClickAsync();

        await Assertions.Expect(orders.GetByTestId("banner")).ToHaveCountAsync(0);
        await Assertions.Expect(esims.GetByTestId("banner")).ToHaveCountAsync(0);
        await Assertions.Expect(balance.GetByTestId("bell")).ToHaveAccessibleNameAsync("Alerts: none");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Lists_UnderThePointer_StandStill_AndSayHowManyAreNew()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        var page = await browser.OpenAsync(app.Address, "/orders");
        var known = page.Locator("tr[data-order='id:ORD-123456']");
        await known.HoverAsync();

        await Assertions.Expect(known).ToContainTextAsync("Processing");
        await app.DeliverAsync(
            Signing.Request(Samples.With("2025-11/order.created", data => (data["order_id"], data["order_reference"]) = ("ORD-2", "REF-2")))
        );
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));

        await Assertions.Expect(page.GetByTestId("new-pill")).ToHaveTextAsync("1 new");
        await Assertions.Expect(known).ToContainTextAsync("Completed");
        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(1);

        await page.GetByTestId("new-pill").ClickAsync();
        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(2);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Restart_ThePageSaysSo_ComesBackByItself_AndShowsWhatItMissed()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        using var folder = new TempFolder();
        var password = Path.Combine(folder.Path, "password");
        await File.WriteAllTextAsync(password, People.Password, TestContext.Current.CancellationToken);
        string[] admin = ["--Admin:Email=ada@example.com", $"--Admin:PasswordFile={password}"];
        await using var browser = await ChromiumBrowser.LaunchAsync();
        IPage page;
        int port;
        using (var first = new AppProcess(folder.Path, arguments: admin))
        {
            port = first.Port;
            await first.BecomeReadyAsync();
            await browser.SignInAsync(first.Address, "ada@example.com");
            page = await browser.OpenAsync(first.Address, "/orders?show=processing");
            await Assertions.Expect(page.GetByText("No order fits")).ToBeVisibleAsync();
        }

        await Assertions.Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#components-reconnect-modal")).ToContainTextAsync("Not live.");
        Assert.Equal(
            "rgb(90, 58, 0)",
            await page.Locator("#components-reconnect-modal").EvaluateAsync<string>("notice => getComputedStyle(notice).backgroundColor")
        ); // white words stand on it
        using var second = new AppProcess(folder.Path, port, arguments: admin);
        await second.BecomeReadyAsync();
        using var response = await second.Client.SendAsync(Signing.Sample("2025-11/order.created"), TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();

        await Assertions.Expect(page.Locator("tr[data-order='id:ORD-123456']")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByText("Connected again.")).ToBeVisibleAsync();
        Assert.EndsWith("/orders?show=processing", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
    }
}
