using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>Pages behind a proxy, before three instances.</summary>
[Trait("Needs", "Chromium")]
[Collection(Processes.Name)]
public sealed class InstancePagesTests
{
    private static readonly string[] Names = ["desk-a", "desk-b", "desk-c"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_WhoseInstanceGoes_IsLiveAtAnother_WithItsFilters()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        using var server = new PostgresProcess();
        using var group = await StartAsync(server);
        await using var proxy = await LoadBalancer.StartAsync(group.All);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(proxy.Address, InstanceGroup.Administrator);
        var health = await browser.OpenAsync(proxy.Address, "/health");
        await Assertions.Expect(health.Locator("[data-instance]")).ToHaveCountAsync(3);
        var mine = await health.Locator("[data-instance]:has-text('answers this page')").GetAttributeAsync("data-instance");
        await health.CloseAsync();
        var page = await browser.OpenAsync(proxy.Address, "/orders?q=KEPT");
        var address = page.Url;

        group.All[mine!].Process.Kill();
        await Assertions
            .Expect(page.GetByText("Connected again.").Or(page.Locator("#components-reconnect-modal")).First)
            .ToBeVisibleAsync(new() { Timeout = 30_000 });
        var other = group.All.First(instance => !string.Equals(instance.Key, mine, StringComparison.Ordinal)).Value;
        await InstanceGroup.PostAsync(other.Client, "KEPT-1", Token);

        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        Assert.Equal(address, page.Url);
        await InstanceGroup.PostAsync(other.Client, "KEPT-2", Token);
        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(2);
    }

    /// <summary>The picture of three instances on the Health page.</summary>
    [Fact(Explicit = true)]
    public async Task TakeTheInstances()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        var folder = Environment.GetEnvironmentVariable("ESIMFLY_SCREENSHOTS") ?? Path.Combine(Repository.Root, "docs", "screenshots");
        Directory.CreateDirectory(folder);
        using var server = new PostgresProcess();
        using var group = await StartAsync(server);
        await using var proxy = await LoadBalancer.StartAsync(group.All);
        foreach (var name in Samples.Names)
        {
            using var sent = await group.All["desk-b"].Client.SendAsync(Signing.Sample(name), Token);
        }

        foreach (
            var (scheme, word, width) in new[]
            {
                (ColorScheme.Light, "light", 1440),
                (ColorScheme.Dark, "dark", 1440),
                (ColorScheme.Light, "light", 390),
            }
        )
        {
            await using var browser = await ChromiumBrowser.LaunchAsync(scheme, width);
            await browser.SignInAsync(proxy.Address, InstanceGroup.Administrator);
            var page = await browser.OpenAsync(proxy.Address, "/health");
            await Assertions.Expect(page.Locator("[data-instance]")).ToHaveCountAsync(3);
            await page.EvaluateAsync("document.fonts.ready");
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"health-instances-{word}-{width}.png"), FullPage = true });
        }
    }

    private static async Task<InstanceGroup> StartAsync(PostgresProcess server)
    {
        var group = new InstanceGroup(server);
        foreach (var name in Names)
        {
            await group.StartAsync(name);
        }

        return group;
    }
}
