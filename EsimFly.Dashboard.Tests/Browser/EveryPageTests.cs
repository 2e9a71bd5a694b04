using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>Every page, in light on a desk.</summary>
public sealed class EveryPageInLightTests() : EveryPageTests(ColorScheme.Light, 1440);

/// <summary>Every page, in dark on a phone.</summary>
public sealed class EveryPageInDarkTests() : EveryPageTests(ColorScheme.Dark, 390);

/// <summary>Every page in real Chromium. A class for each look: they take longest, and classes run beside each other.</summary>
public abstract class EveryPageTests(ColorScheme scheme, int width)
{
    internal static readonly string[] Paths =
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
        "/cases",
        "/wall",
        "/customers/import",
        "/health",
        "/alerts",
        "/simulator",
        "/deliveries/rebuild",
        "/settings",
        "/settings/thresholds",
        "/settings/about",
        "/settings/esimfly",
        "/settings/texts",
        "/settings/data",
        "/erase?order=ORD-123456",
        "/settings/users",
        "/settings/tokens",
        "/settings/audit",
        "/account",
        "/account/two-step-setup",
        "/account/sign-in",
        "/not-for-your-role",
    ];

    [Fact]
    public async Task EveryPage_LoadsWithoutErrorsSidewaysScrollingOrSeriousAxeFindings_AndShowsWhereTheKeyboardIs()
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
        var page = await browser.NewPageAsync("every page");
        foreach (var path in Paths)
        {
            await ChromiumBrowser.GoAsync(page, app.Address, path);

            var sideways = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");

            Assert.True(sideways <= 0, $"{path} scrolls {sideways} px sideways at {width} px");
            findings.AddRange(await Accessibility.FindingsAsync(page, path));
            if (path is not "/wall") // nobody touches it
            {
                findings.AddRange(await FocusRing.FindingsAsync(page, path));
            }

            Assert.True(browser.Problems.IsEmpty, $"{path}: {string.Join('\n', browser.Problems)}");
        }

        Assert.True(findings.Count == 0, string.Join("\n", findings));
    }
}
