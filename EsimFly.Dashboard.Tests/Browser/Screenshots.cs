using EsimFly.Dashboard.Alerts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>
/// Takes the pictures of the documentation, from a real run of <see cref="Scene"/>. Not part of the tests:
/// <c>dotnet test -- --explicit only --filter-class '*Screenshots'</c> writes them anew.
/// </summary>
public sealed class Screenshots
{
    /// <summary>Where the pictures go, and whether every page is taken at both widths; unset for those of the documentation.</summary>
    private const string FolderVariable = "ESIMFLY_SCREENSHOTS";

    private static readonly (string Name, string Path)[] Documented =
    [
        ("overview", "/"), ("orders-stuck", "/orders?show=stuck"), ("order", $"/orders/{Scene.NeverInstalledOrder}"), ("esims-expiring", "/esims?show=72h"),
        ("esim", $"/esims/{Scene.SwitchedOffIccid}"), ("balance", "/balance"), ("deliveries", "/deliveries"), ("delivery", "/deliveries/12"), ("health", "/health"), ("simulator", "/simulator"),
    ];

    private static readonly (string Name, string Path)[] All =
    [
        .. Documented,
        ("orders", "/orders"), ("orders-failed", "/orders?show=failed"), ("order-failed", $"/orders/{Scene.FinalOrder}"), ("order-stuck", $"/orders/{Scene.StuckOrder}"),
        ("esims", "/esims"), ("esim-used-up", $"/esims/{Scene.UsedUpIccid}"), ("esim-healthy", $"/esims/{Scene.HealthyIccid}"), ("top-ups", "/top-ups?show=open"), ("alerts", "/alerts"),
        ("rejected", "/deliveries/rejected"), ("rebuild", "/deliveries/rebuild"), ("settings", "/settings"), ("thresholds", "/settings/thresholds"), ("data", "/settings/data"), ("users", "/settings/users"), ("tokens", "/settings/tokens"),
        ("audit", "/settings/audit"), ("about", "/settings/about"), ("profile", "/account"), ("two-step", "/account/two-step-setup"), ("sign-in", "/account/sign-in"), ("not-found", "/nowhere/at/all"), ("empty-search", "/orders?q=none-such"),
    ];

    [Fact(Explicit = true)]
    public async Task Take()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        var asked = Environment.GetEnvironmentVariable(FolderVariable);
        var folder = asked ?? Path.Combine(Repository.Root, "docs", "screenshots");
        Directory.CreateDirectory(folder);
        var clock = new ShiftedClock();
        await using var app = new DashboardApp(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        await Scene.PlayAsync(app, clock);
        await app.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 1440, 390 })
            {
                await using var browser = await ChromiumBrowser.LaunchAsync(scheme, width);
                await browser.SignInAsync(app, AccountRole.Admin);
                var pages = asked is not null ? All : width == 1440 ? Documented : [.. Documented.Where(page => page.Name is "overview" or "esim")];
                foreach (var (name, path) in pages)
                {
                    var page = await browser.OpenAsync(app.Address, path);
                    await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
                    await page.EvaluateAsync("document.fonts.ready");
                    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(scheme == ColorScheme.Light ? "light" : "dark")}-{width}.png"), FullPage = asked is not null });
                    await page.CloseAsync();
                }

                await SearchAsync(browser, app, Path.Combine(folder, $"search-{(scheme == ColorScheme.Light ? "light" : "dark")}-{width}.png"), asked is not null || width == 1440);
            }
        }
    }

    private static async Task SearchAsync(ChromiumBrowser browser, DashboardApp app, string file, bool isWanted)
    {
        if (!isWanted)
        {
            return;
        }

        var page = await browser.OpenAsync(app.Address, "/");
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#search-term").FillAsync(Scene.HealthyIccid[^4..]);
        await page.Locator("[role=option]").First.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = file });
        await page.CloseAsync();
    }
}
