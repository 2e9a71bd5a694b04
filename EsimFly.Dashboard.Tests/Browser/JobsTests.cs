using System.Text.RegularExpressions;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>
/// What a person says to the support, and the way from their first click on the Overview to the answer, in real Chromium. The
/// fifteenth, the test button, is walked in <see cref="SimulatorPageTests"/>.
/// </summary>
public sealed class JobsTests(JobsTests.SampleDay sampleDay, ITestOutputHelper output)
    : IClassFixture<JobsTests.SampleDay>,
        IAsyncDisposable
{
    private readonly List<IPage> opened = [];
    private int clicks;

    public async ValueTask DisposeAsync()
    {
        foreach (var page in opened)
        {
            await page.CloseAsync(); // an account may have so many open and no more
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Job01_MyEsimDoesNotWork_IsFoundByItsLastDigits_WithTheKeyboardAlone()
    {
        var page = await OpenAsync();

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync(Scene.SwitchedOffIccid[^5..^3] + " " + Scene.SwitchedOffIccid[^3..]);
        await Assertions.Expect(page.Locator("[role=option][aria-selected=true]")).ToContainTextAsync(Scene.SwitchedOffIccid);
        await page.Keyboard.PressAsync("Enter");

        await Verdict(page, "It is switched off on the phone.");
        Report("1 and 2, by keyboard");
    }

    [Theory]
    [InlineData(Scene.HealthyOrder, Scene.HealthyOrder)]
    [InlineData("740011", Scene.HealthyOrder)]
    [InlineData("ref-400 11", Scene.HealthyOrder)]
    [InlineData(Scene.HealthyIccid, Scene.HealthyIccid)]
    [InlineData("8948 0100 1009 2440 014", Scene.HealthyIccid)]
    public async Task Job01_Search_FindsWhatIsReadOut(string term, string found)
    {
        var page = await OpenAsync();

        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#search-term").FillAsync(term);
        await Assertions.Expect(page.Locator("[role=option]").First).ToContainTextAsync(found);
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(found);
    }

    [Fact]
    public async Task Job01_Search_OffersWhatWasLookedAtLast_AndClosesWithEscape()
    {
        var page = await OpenAsync($"/esims/{Scene.DueIccid}");

        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Name = $"eSIM {Scene.DueIccid}" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(page.Locator("#search")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(Scene.HealthyIccid, "It works: the plan is active and the eSIM is switched on.", "esim.activated|topup.completed")]
    [InlineData(Scene.SwitchedOffIccid, "It is switched off on the phone.", "esim.profile.updated")]
    [InlineData(Scene.NeverInstalledIccid, "It was never installed", "order.completed")]
    [InlineData(Scene.ExpiringIccid, "It works, and expires in", "esim.activated")]
    [InlineData(Scene.DueIccid, "Its plan was to end", "esim.activated")]
    [InlineData(Scene.UsedUpIccid, "Its data is used up.", "esim.status.changed")]
    [InlineData(Scene.ExpiredIccid, "Its plan expired", "esim.expired")]
    [InlineData(Scene.TopUpFailedIccid, "The last top-up failed: your balance at eSIMfly does not cover the price.", "topup.failed")]
    [InlineData(Scene.DeletedIccid, "The customer deleted it from the phone.", "esim.profile.updated")]
    public async Task Job02_WhichFailureIsIt_TheVerdictSaysAndRestsOnAnEvent(string iccid, string says, string basis)
    {
        var page = await OpenAsync($"/esims/{iccid}");

        await Verdict(page, says);
        await Assertions
            .Expect(page.GetByTestId("basis"))
            .ToHaveTextAsync(
                new Regex($"^({basis.Replace(".", @"\.", StringComparison.Ordinal)})$", RegexOptions.None, TimeSpan.FromSeconds(1))
            );
    }

    [Fact]
    public async Task Job03_INeverGotMyQrCode_RevealedDrawnAndAsATextForTheCustomer()
    {
        var page = await SearchAsync(Scene.NeverInstalledOrder);

        await ClickAsync(page.GetByTestId("reveal"));
        await Assertions.Expect(page.GetByTestId("qr")).ToBeVisibleAsync();
        await ClickAsync(page.GetByTestId("revealed").GetByTestId("customer-text"));

        await Assertions.Expect(page.GetByText("Copied: a text for the customer")).ToBeVisibleAsync();
        var text = await ClipboardAsync(page);
        Assert.Contains($"LPA:1$rsp.example.com$MATCH-{Scene.NeverInstalledIccid[^6..]}", text, StringComparison.Ordinal);
        Assert.Contains("https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=", text, StringComparison.Ordinal);
        Report("3");
    }

    [Fact]
    public async Task Job04_MyOrderHangs_IsInTheStuckQueueWithALiveClock()
    {
        var page = await OpenAsync();

        await ClickAsync(Nav(page, "Orders"));
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Stuck", Exact = true }));

        var red = page.Locator($"tr[data-order='id:{Scene.StuckOrder}'] .elapsed");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("show=stuck", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(red).ToHaveClassAsync(new Regex("red", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions
            .Expect(page.Locator($"tr[data-order='id:{Scene.SlowOrder}'] .elapsed"))
            .ToHaveClassAsync(new Regex("amber", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(2);
        var before = await red.InnerTextAsync();
        await Assertions.Expect(red).Not.ToHaveTextAsync(before);
        Report("4");
    }

    [Fact]
    public async Task Job05_MyOrderFailed_SplitByWhetherARetryHelps_WithTheErrorInPlainEnglish()
    {
        var page = await OpenAsync();

        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = "Failed today" }));
        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(2);
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Failed for good" }));
        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(1);
        await page.GetByLabel("Error").SelectOptionAsync("PACKAGE_NOT_AVAILABLE");
        await ClickAsync(page.Locator($"tr[data-order='id:{Scene.FinalOrder}'] a.row-link"));

        await Verdict(page, "It failed. The package is not sold at present.");
        Report("5");
    }

    [Fact]
    public async Task Job06_WillWeRunDry_BannerLeadsToBalanceSpentAndEstimate()
    {
        var page = await OpenAsync();

        await ClickAsync(page.GetByTestId("banner").GetByRole(AriaRole.Link, new() { Name = "Balance low: 2,481.40 USD" }));

        await Assertions.Expect(page.GetByTestId("balance")).ToHaveTextAsync("2,481.40 USD");
        await Assertions
            .Expect(page.GetByTestId("spent"))
            .ToHaveTextAsync(new Regex(@"^\d[\d,.]* USD$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(page.GetByTestId("runout")).ToHaveTextAsync(new Regex("^in ", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(page.Locator("path.mud-chart-line")).ToHaveCountAsync(2);
        Report("6");
    }

    [Fact]
    public async Task Job07_MyTopUpFailed_IsInTheQueueWithTheReason_LinkedToTheEsim()
    {
        var page = await OpenAsync();

        await ClickAsync(Nav(page, "Top-ups"));
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Failed, open" }));
        var row = page.Locator("tr[data-topup]", new() { HasText = Scene.TopUpFailedIccid });
        await Assertions.Expect(row).ToContainTextAsync("Your balance at eSIMfly does not cover the price.");
        await ClickAsync(row.Locator("a.row-link"));

        await Verdict(page, "The last top-up failed");
        Report("7");
    }

    [Fact]
    public async Task Job08_WhoExpiresSoon_WithAClock_AndThoseDueWithoutAReport()
    {
        var page = await OpenAsync();

        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = "Expiring in 72 h" }));
        await Assertions.Expect(page.Locator($"tr[data-iccid='{Scene.ExpiringIccid}']")).ToContainTextAsync("in 4 h");
        await Assertions.Expect(page.Locator($"tr[data-iccid='{Scene.DueIccid}']")).ToHaveCountAsync(0);
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Due, not reported" }));

        await Assertions.Expect(page.Locator($"tr[data-iccid='{Scene.DueIccid}']")).ToContainTextAsync("due since");
        Report("8");
    }

    [Fact]
    public async Task Job09To11_ActivatedUsedRefundAndNewPhone_AreOnTheEsimsPage()
    {
        var page = await SearchAsync(Scene.HealthyIccid);

        var evidence = page.GetByTestId("evidence");
        await Assertions
            .Expect(evidence)
            .ToContainTextAsync(
                new Regex(
                    @"Installed\s*Yes.*Activated\s*Yes.*Data used\s*4\.1 GB.*Last event\s*Data running low",
                    RegexOptions.Singleline,
                    TimeSpan.FromSeconds(1)
                )
            );
        await Assertions.Expect(page.GetByText("4.1 of 10 GB").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("moved there by a top-up")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".timeline li")).ToHaveCountAsync(6);
        await Assertions.Expect(page.GetByText("89049032020008884800235164256791").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Switched on").First).ToBeVisibleAsync();
        Report("9, 10 and 11");
    }

    [Fact]
    public async Task Job12_DidTheWebhookArrive_AndWhatWasRejected()
    {
        var page = await OpenAsync();

        await ClickAsync(Nav(page, "Deliveries"));
        await page.GetByLabel("Event", new() { Exact = true }).SelectOptionAsync("order.failed");
        await Assertions.Expect(page.Locator("tr[data-seq] a.row-link").First).ToHaveTextAsync("order.failed");
        await ClickAsync(page.Locator("tr[data-seq] a.row-link").First);
        await Verdict(page, "It arrived, its signature is right, and it is applied.");
        await Assertions.Expect(page.Locator("tr[data-arrival]")).ToContainTextAsync("200");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "the body" })).ToContainTextAsync("\"error_code\"");
        await page.GetByLabel("Find in the body").FillAsync("can_retry");
        await Assertions.Expect(page.Locator("mark")).ToHaveTextAsync("can_retry");
        Report("12");

        await Nav(page, "Deliveries").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Rejected" }).ClickAsync();
        await Assertions.Expect(page.Locator("tr[data-rejected]")).ToContainTextAsync("Its signature fits none of the signing secrets.");
    }

    [Fact]
    public async Task Job13_Escalate_TheEvidenceIsOneTextWithoutCodes()
    {
        var page = await SearchAsync(Scene.NeverInstalledOrder);

        await ClickAsync(page.GetByTestId("copy-evidence"));

        await Assertions.Expect(page.GetByText("Copied: the evidence for eSIMfly")).ToBeVisibleAsync();
        var text = await ClipboardAsync(page);
        Assert.All(
            [
                $"Evidence for order {Scene.NeverInstalledOrder}",
                "Order reference: REF-40037",
                $"ICCIDs: {Scene.NeverInstalledIccid}",
                "order.completed",
                "\"activation_code\"",
            ],
            part => Assert.Contains(part, text, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("MATCH-", text, StringComparison.Ordinal);
        Report("13");
    }

    [Fact]
    public async Task Job14_IsItEveryone_HealthSays()
    {
        var page = await OpenAsync();

        await ClickAsync(Nav(page, "Health"));

        var main = page.Locator(".desk-main");
        await Assertions
            .Expect(main)
            .ToContainTextAsync(new Regex(@"[Pp]rocess time.*p50 .* p95 .* p99", RegexOptions.Singleline, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(main).ToContainTextAsync("Failed orders by error");
        await Assertions.Expect(main).ToContainTextAsync("The package is not sold at present.");
        await Assertions.Expect(main).ToContainTextAsync("nothing waits");
        await Assertions.Expect(page.Locator("path.mud-chart-bar").First).ToBeAttachedAsync();
        Report("14");
    }

    private static ILocator Nav(IPage page, string name) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = name });

    private static Task Verdict(IPage page, string says) => Assertions.Expect(page.GetByTestId("verdict")).ToContainTextAsync(says);

    private static Task<string> ClipboardAsync(IPage page) => page.EvaluateAsync<string>("navigator.clipboard.readText()");

    private async Task<IPage> SearchAsync(string term)
    {
        var page = await OpenAsync();
        await ClickAsync(page.Locator("[data-open-search]"));
        await page.Locator("#search-term").FillAsync(term);
        await Assertions.Expect(page.Locator("#search-results")).ToHaveAttributeAsync("data-term", term);
        await ClickAsync(page.GetByRole(AriaRole.Option).First);
        await page.GetByTestId("verdict").WaitForAsync();
        return page;
    }

    private async Task<IPage> OpenAsync(string path = "/")
    {
        RequiredTool.Need(RequiredTool.Chromium);
        var page = await sampleDay.Browser!.OpenAsync(sampleDay.App!.Address, path);
        opened.Add(page);
        return page;
    }

    private Task ClickAsync(ILocator target)
    {
        clicks++;
        return target.ClickAsync();
    }

    private void Report(string job)
    {
        output.WriteLine($"Job {job}: {clicks} clicks");
        Assert.Empty(sampleDay.Browser!.Problems);
    }

    /// <summary>One application with the scene in it, and one browser, for all the jobs.</summary>
    public sealed class SampleDay : IAsyncLifetime
    {
        internal DashboardApp? App { get; private set; }

        internal ChromiumBrowser? Browser { get; private set; }

        public async ValueTask InitializeAsync()
        {
            if (!RequiredTool.IsThere(RequiredTool.Chromium))
            {
                return; // each test says so
            }

            App = new DashboardApp(services: services =>
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(ShiftedClock.AtThreePm()))
            );
            await Scene.PlayAsync(App);
            await App.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);
            Browser = await ChromiumBrowser.LaunchAsync();
            await Browser.AllowClipboardAsync();
            await Browser.SignInAsync(App, AccountRole.Support);
        }

        public async ValueTask DisposeAsync()
        {
            if (Browser is not null)
            {
                await Browser.DisposeAsync();
            }

            if (App is not null)
            {
                await App.DisposeAsync();
            }
        }
    }
}
