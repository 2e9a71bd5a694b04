using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>
/// Takes the pictures of the documentation, from a real run of <see cref="Scene"/>. Not part of the tests:
/// <c>dotnet test -- --explicit only --filter-class '*Screenshots'</c> writes them again.
/// </summary>
public sealed class Screenshots
{
    /// <summary>Where the pictures go, and whether every page is taken at both widths; unset for those of the documentation.</summary>
    private const string FolderVariable = "ESIMFLY_SCREENSHOTS";

    private static readonly (string Name, string Path)[] Documented =
    [
        ("overview", "/"),
        ("orders-stuck", "/orders?show=stuck"),
        ("order", $"/orders/{Scene.NeverInstalledOrder}"),
        ("esims-expiring", "/esims?show=72h"),
        ("esim", $"/esims/{Scene.SwitchedOffIccid}"),
        ("balance", "/balance"),
        ("deliveries", "/deliveries"),
        ("delivery", "/deliveries/12"),
        ("health", "/health"),
        ("simulator", "/simulator"),
        ("retries", "/deliveries/retries"),
        ("missing", "/deliveries/missing"),
        ("top-ups", "/top-ups?show=open"),
        ("alerts", "/alerts"),
        ("orders-failed", "/orders?show=failed"),
        ("settings", "/settings"),
    ];

    private static readonly (string Name, string Path)[] All =
    [
        .. Documented,
        ("orders", "/orders"),
        ("order-failed", $"/orders/{Scene.FinalOrder}"),
        ("order-stuck", $"/orders/{Scene.StuckOrder}"),
        ("esims", "/esims"),
        ("esim-used-up", $"/esims/{Scene.UsedUpIccid}"),
        ("esim-healthy", $"/esims/{Scene.HealthyIccid}"),
        ("rejected", "/deliveries/rejected"),
        ("rejected-request", "/deliveries/rejected/3"),
        ("rebuild", "/deliveries/rebuild"),
        ("thresholds", "/settings/thresholds"),
        ("data", "/settings/data"),
        ("erase", "/erase?order=ORD-741000"),
        ("users", "/settings/users"),
        ("tokens", "/settings/tokens"),
        ("audit", "/settings/audit"),
        ("about", "/settings/about"),
        ("profile", "/account"),
        ("two-step", "/account/two-step-setup"),
        ("sign-in", "/account/sign-in"),
        ("not-found", "/nowhere/at/all"),
        ("empty-search", "/orders?q=none-such"),
        ("cases", "/cases?show=all"),
        ("customers-import", "/customers/import"),
        ("customer-texts", "/settings/texts"),
        ("wall", "/wall"),
    ];

    [Fact(Explicit = true)]
    public async Task Take()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        var asked = Environment.GetEnvironmentVariable(FolderVariable);
        var folder = asked ?? Path.Combine(Repository.Root, "docs", "screenshots");
        Directory.CreateDirectory(folder);
        var clock = ShiftedClock.AtThreePm();
        await using var app = new DashboardApp(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        await Scene.PlayAsync(app, clock);
        await Scene.RetriesAsync(app, clock);
        // The clock was set; the desk was never down.
        await app.Get<LogWriter>()
            .WriteAsync(transaction => Lifeline.Setting.Write(transaction, new()), TestContext.Current.CancellationToken);
        await app.Get<SelfCheck>().RunAsync(TestContext.Current.CancellationToken);
        await app.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 1440, 390 })
            {
                await using var browser = await ChromiumBrowser.LaunchAsync(scheme, width);
                await browser.SignInAsync(app, AccountRole.Admin);
                var pages =
                    asked is not null ? All
                    : width == 1440 ? Documented
                    : [.. Documented.Where(page => page.Name is "overview" or "esim")];
                foreach (var (name, path) in pages)
                {
                    var page = await browser.OpenAsync(app.Address, path);
                    await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
                    await page.EvaluateAsync("document.fonts.ready");
                    await page.ScreenshotAsync(
                        new()
                        {
                            Path = Path.Combine(folder, $"{name}-{(scheme == ColorScheme.Light ? "light" : "dark")}-{width}.png"),
                            FullPage = asked is not null,
                        }
                    );
                    await page.CloseAsync();
                }

                await SearchAsync(
                    browser,
                    app,
                    Path.Combine(folder, $"search-{(scheme == ColorScheme.Light ? "light" : "dark")}-{width}.png"),
                    asked is not null || width == 1440
                );
            }
        }
    }

    /// <summary>The pictures of widths between and beyond, to be looked at.</summary>
    [Fact(Explicit = true)]
    public async Task TakeOtherWidths()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder)
        {
            return; // none of them is in the docs
        }

        var clock = ShiftedClock.AtThreePm();
        await using var app = new DashboardApp(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        await Scene.PlayAsync(app, clock);
        await app.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);
        foreach (var width in new[] { 800, 2560 })
        {
            await using var browser = await ChromiumBrowser.LaunchAsync(ColorScheme.Light, width);
            await browser.SignInAsync(app, AccountRole.Admin);
            foreach (var (name, path) in Documented)
            {
                var page = await browser.OpenAsync(app.Address, path);
                await page.EvaluateAsync("document.fonts.ready");
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-light-{width}.png") });
                await page.CloseAsync();
            }
        }
    }

    /// <summary>The pictures of the account at eSIMfly: connected, synchronised, reconciled; an eSIM asked about; the balance.</summary>
    [Fact(Explicit = true)]
    public async Task TakeTheAccount()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? Path.Combine(Repository.Root, "docs", "screenshots");
        Directory.CreateDirectory(folder);
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 400, mostAMinute: 600);
        esimfly.Account.Recent.Add(new("esim.installed", esimfly.Account.Orders[^3].Reference, "failed", 5, DateTimeOffset.UtcNow));
        await using var app = new DashboardApp(
            [("EsimflyApi:BaseUrl", esimfly.Address)],
            services => services.Replace(ServiceDescriptor.Singleton(EsimflyStandIn.Plenty))
        );
        var admin = await app.JoinAsync(AccountRole.Admin);
        await app.Get<AddressActions>().SetAsync(admin, "https://desk.example.com", TestContext.Current.CancellationToken);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 1440, 390 })
            {
                await using var browser = await ChromiumBrowser.LaunchAsync(scheme, width);
                await browser.SignInAsync(app, AccountRole.Admin);
                var page = await browser.OpenAsync(app.Address, "/settings/esimfly");
                await page.GetByTestId("keys").WaitForAsync();
                if (await page.GetByTestId("account").CountAsync() == 0)
                {
                    await ShotAsync(page, "connect");
                    await page.GetByLabel("Access code").FillAsync(EsimflyStandIn.AccessCode);
                    await page.GetByLabel("Secret key").FillAsync(EsimflyStandIn.SecretKey);
                    await page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
                    await page.GetByTestId("history-start").ClickAsync();
                    await page.GetByText("orders were read").WaitForAsync();
                    await Assertions
                        .Expect(page.Locator("[data-job=ActiveEsims]"))
                        .ToContainTextAsync("with something new", new() { Timeout = 30_000 });
                    esimfly.Account.Orders[^5].Status = "cancelled";
                    await page.GetByTestId("reconcile-30").ClickAsync();
                    await page.GetByTestId("reconciled").WaitForAsync();
                }

                await ShotAsync(page, "account");
                await page.GetByTestId("plan-webhook").ClickAsync();
                await page.GetByTestId("plan").WaitForAsync();
                await ShotAsync(page, "connect-webhook");
                var wrong = esimfly.Account.Esims.Values.Where(esim => esim is { Status: "ACTIVE", WrongNetworks: > 0 });
                var iccid = wrong.ElementAt((scheme == ColorScheme.Light ? 0 : 2) + (width == 1440 ? 0 : 1)).Iccid;
                await page.GotoAsync(new Uri(app.Address, $"/esims/{iccid}").ToString());
                await page.GetByTestId("ask-now").ClickAsync();
                await page.GetByTestId("asked").WaitForAsync();
                await page.GetByTestId("ask-usage").ClickAsync();
                await page.GetByTestId("usage-chart").WaitForAsync();
                await ShotAsync(page, "ask-now");
                foreach (
                    var (name, path) in new[]
                    {
                        ("api-orders", "/orders"),
                        ("api-balance", "/balance"),
                        ("api-missing", "/deliveries/missing"),
                        ("api-health", "/health"),
                    }
                )
                {
                    await page.GotoAsync(new Uri(app.Address, path).ToString());
                    await page.Locator("h1").First.WaitForAsync();
                    await Assertions.Expect(page.Locator(".mud-skeleton")).ToHaveCountAsync(0);
                    await ShotAsync(page, name);
                }

                async Task ShotAsync(IPage shown, string name)
                {
                    await shown.EvaluateAsync("document.fonts.ready");
                    await shown.EvaluateAsync("scrollTo(0, 0)");
                    await shown.ScreenshotAsync(
                        new()
                        {
                            Path = Path.Combine(folder, $"{name}-{(scheme == ColorScheme.Light ? "light" : "dark")}-{width}.png"),
                            FullPage = true,
                        }
                    );
                }
            }
        }
    }

    /// <summary>The pictures of a desk that is new.</summary>
    [Fact(Explicit = true)]
    public async Task TakeTheFirstDay()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? Path.Combine(Repository.Root, "docs", "screenshots");
        Directory.CreateDirectory(folder);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 1440, 390 })
            {
                await using var app = new DashboardApp();
                await using var browser = await ChromiumBrowser.LaunchAsync(scheme, width);
                await browser.SignInAsync(app, AccountRole.Admin);
                var page = await browser.OpenAsync(app.Address, "/");
                await page.EvaluateAsync("document.fonts.ready");
                var name = $"first-day-{(scheme == ColorScheme.Light ? "light" : "dark")}-{width}.png";
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name), FullPage = true });
            }
        }
    }

    /// <summary>The pictures of what the Simulator does, step by step, and of a difference that a rebuild finds.</summary>
    [Fact(Explicit = true)]
    public async Task TakeTheSimulator()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? Path.Combine(Repository.Root, "docs", "screenshots");
        Directory.CreateDirectory(folder);
        await using var app = new DashboardApp();
        await Scene.PlayAsync(app);
        await app.Get<SelfCheck>().RunAsync(TestContext.Current.CancellationToken);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var browser = await ChromiumBrowser.LaunchAsync(scheme, 1440);
            await browser.SignInAsync(app, AccountRole.Admin);
            var page = await browser.OpenAsync(app.Address, "/simulator");
            await page.GetByTestId("test-order.completed").ClickAsync();
            await Assertions.Expect(page.Locator("[data-sent='order.completed'] .steps li.done")).ToHaveCountAsync(5);
            await ShotAsync(page, "simulator-test");
            await page.GetByLabel("How many test deliveries fail").FillAsync("3");
            await page.GetByTestId("rehearse").ClickAsync();
            await page.GetByTestId("rehearsal").WaitForAsync();
            await page.GetByTestId("start-retries").ClickAsync();
            await Assertions.Expect(page.Locator("[data-run]").First).ToContainTextAsync("Taken");
            await Assertions.Expect(page.GetByTestId("rehearsal")).ToHaveCountAsync(0); // nothing of it is left for what follows
            await page.GetByLabel("Pause between steps, milliseconds").FillAsync("0");
            await page.GetByRole(AriaRole.Button, new() { Name = "Play: The desk answers 503 twice" }).ClickAsync();
            await Assertions.Expect(page.Locator("[data-scenario='failing-desk']")).ToContainTextAsync("As it should");
            await page.GetByTestId("retries").ScrollIntoViewIfNeededAsync();
            await page.Locator("[data-scenario='failing-desk']").ScrollIntoViewIfNeededAsync();
            await ShotAsync(page, "simulator-retries");
            await page.Locator("[data-run]").First.GetByTitle("The delivery log").ClickAsync();
            await page.Locator("tr[data-seq] a.row-link").First.ClickAsync();
            await page.GetByTestId("retry").WaitForAsync();
            await ShotAsync(page, "delivery-retries", isWhole: true);
            await page.GotoAsync(new Uri(app.Address, "/simulator").ToString());
            await page.GetByTestId("test-order.completed").ClickAsync();
            await page.Locator("[data-sent='order.completed']").GetByRole(AriaRole.Link, new() { Name = "The eSIM" }).ClickAsync();
            await page.GetByTestId("verdict").WaitForAsync();
            await ShotAsync(page, "simulator-esim");

            // As many as make an outage where no known secret signed any of them.
            for (var number = 1; number <= 3; number++)
            {
                using var refused = await app.Client.SendAsync(
                    Signing.Request(
                        Samples.With("2025-11/order.created", data => data["order_id"] = $"ORD-{scheme}-{number}"),
                        secret: "whsec_of_yesterday",
                        id: $"outage-{scheme}-{number}",
                        eventName: "order.created"
                    ),
                    TestContext.Current.CancellationToken
                );
            }

            var health = await browser.OpenAsync(app.Address, "/health");
            await health.GetByTestId("outage").WaitForAsync();
            await ShotAsync(health, "health-outage");

            await app.Get<EsimFly.Dashboard.Storage.Writing.ReadModelWriter>()
                .WriteAsync(
                    transaction => transaction.Execute("""UPDATE "Orders" SET "Status" = 0 WHERE "OrderId" = 'ORD-740011'"""),
                    TestContext.Current.CancellationToken
                );
            var rebuild = await browser.OpenAsync(app.Address, "/deliveries/rebuild");
            await rebuild.GetByTestId("compare").ClickAsync();
            await rebuild.Locator("[data-difference='Status']").WaitForAsync();
            await ShotAsync(rebuild, "rebuild-difference");

            async Task ShotAsync(IPage shown, string name, bool isWhole = false)
            {
                await shown.EvaluateAsync("document.fonts.ready");
                await shown.ScreenshotAsync(
                    new()
                    {
                        Path = Path.Combine(folder, $"{name}-{(scheme == ColorScheme.Light ? "light" : "dark")}-1440.png"),
                        FullPage = isWhole,
                    }
                );
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
