using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>The pages in real Chromium.</summary>
public sealed class LivePageTests
{
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
        var findings = await Accessibility.FindingsAsync(page, "the columns");
        await page.GetByTestId("bell").ClickAsync();
        await page.Locator("#alerts .alert-item").WaitForAsync();
        findings.AddRange(await Accessibility.FindingsAsync(page, "the alerts"));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#search-term").FillAsync("3456");
        await page.Locator("[role=option]").First.WaitForAsync();
        findings.AddRange(await Accessibility.FindingsAsync(page, "the search"));

        Assert.True(findings.Count == 0, string.Join("\n", findings));
    }
}
