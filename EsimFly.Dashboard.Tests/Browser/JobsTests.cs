using System.Text.RegularExpressions;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>
/// What a person says to the support, and the way from the Overview to the answer, in real Chromium: with the pointer, and with the
/// keyboard alone. The first two jobs: see <see cref="SearchJobsTests"/>.
/// </summary>
public abstract class JobsTests(JobsTests.SampleDay sampleDay, ITestOutputHelper output)
    : IClassFixture<JobsTests.SampleDay>,
        IAsyncDisposable
{
    private readonly List<IPage> opened = [];
    private int actions;

    public async ValueTask DisposeAsync()
    {
        foreach (var page in opened)
        {
            await page.CloseAsync(); // an account may have so many open and no more
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Job03_INeverGotMyQrCode_RevealedDrawnAndAsATextForTheCustomer()
    {
        var page = await SearchAsync(Scene.NeverInstalledOrder);

        await PressAsync(page.GetByTestId("reveal"));
        await Assertions.Expect(page.GetByTestId("qr")).ToBeVisibleAsync();
        await PressAsync(page.GetByTestId("revealed").GetByTestId("customer-text"));

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

        await PressAsync(Nav(page, "Orders"));
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Stuck", Exact = true }));

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

        await PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Failed today" }));
        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(2);
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Failed for good" }));
        await Assertions.Expect(page.Locator("tr[data-order]")).ToHaveCountAsync(1);
        await ChooseAsync(page.GetByLabel("Error"), "PACKAGE_NOT_AVAILABLE");
        await PressAsync(page.Locator($"tr[data-order='id:{Scene.FinalOrder}'] a.row-link"));

        await Verdict(page, "It failed. The package is not sold at present.");
        Report("5");
    }

    [Fact]
    public async Task Job06_WillWeRunDry_BannerLeadsToBalanceSpentAndEstimate()
    {
        var page = await OpenAsync();

        await PressAsync(page.GetByTestId("banner").GetByRole(AriaRole.Link, new() { Name = "Balance low: 2,481.40 USD" }));

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

        await PressAsync(Nav(page, "Top-ups"));
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Failed, open" }));
        var row = page.Locator("tr[data-topup]", new() { HasText = Scene.TopUpFailedIccid });
        await Assertions.Expect(row).ToContainTextAsync("Your balance at eSIMfly does not cover the price.");
        await PressAsync(row.Locator("a.row-link"));

        await Verdict(page, "The last top-up failed");
        Report("7");
    }

    [Fact]
    public async Task Job08_WhoExpiresSoon_WithAClock_AndThoseDueWithoutAReport()
    {
        var page = await OpenAsync();

        await PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Expiring in 72 h" }));
        await Assertions.Expect(page.Locator($"tr[data-iccid='{Scene.ExpiringIccid}']")).ToContainTextAsync("in 4 h");
        await Assertions.Expect(page.Locator($"tr[data-iccid='{Scene.DueIccid}']")).ToHaveCountAsync(0);
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Due, not reported" }));

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

        await PressAsync(Nav(page, "Deliveries"));
        await ChooseAsync(page.GetByLabel("Event", new() { Exact = true }), "order.failed");
        await Assertions.Expect(page.Locator("tr[data-seq] a.row-link").First).ToHaveTextAsync("order.failed");
        await PressAsync(page.Locator("tr[data-seq] a.row-link").First);
        await Verdict(page, "It arrived, its signature is right, and it is applied.");
        await Assertions.Expect(page.Locator("tr[data-arrival]")).ToContainTextAsync("200");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "the body" })).ToContainTextAsync("\"error_code\"");
        await TypeAsync(page.GetByLabel("Find in the body"), "can_retry");
        await Assertions.Expect(page.Locator("mark")).ToHaveTextAsync("can_retry");
        Report("12");

        await PressAsync(Nav(page, "Deliveries"));
        await PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Rejected" }));
        await Assertions.Expect(page.Locator("tr[data-rejected]")).ToContainTextAsync("Its signature matches none of the signing secrets.");
    }

    [Fact]
    public async Task Job13_Escalate_TheEvidenceIsOneTextWithoutCodes()
    {
        var page = await SearchAsync(Scene.NeverInstalledOrder);

        await PressAsync(page.GetByTestId("copy-evidence"));

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

        await PressAsync(Nav(page, "Health"));

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

    [Fact]
    public async Task Job15_DoesOurSetUpWork_ATestIsSentAndFollowed()
    {
        var page = await OpenAsync();

        await PressAsync(Nav(page, "Simulator"));
        await PressAsync(page.GetByTestId("test-order.created"));

        await Assertions.Expect(page.Locator("[data-sent='order.created'] .steps li.done")).ToHaveCountAsync(5);
        Report("15");
    }

    private static ILocator Nav(IPage page, string name) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = name });

    private static Task Verdict(IPage page, string says) => Assertions.Expect(page.GetByTestId("verdict")).ToContainTextAsync(says);

    private static Task<string> ClipboardAsync(IPage page) => page.EvaluateAsync<string>("navigator.clipboard.readText()");

    private async Task<IPage> SearchAsync(string term)
    {
        var page = await OpenAsync();
        await PressAsync(page.Locator("[data-open-search]"));
        await TypeAsync(page.Locator("#search-term"), term);
        await Assertions.Expect(page.Locator("#search-results")).ToHaveAttributeAsync("data-term", term);
        actions++;
        await TakeFirstAsync(page.GetByRole(AriaRole.Option));
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

    /// <summary>Follows a link or presses a button.</summary>
    private protected abstract Task DoPressAsync(ILocator target);

    /// <summary>Chooses a value of a list.</summary>
    private protected abstract Task ChooseAsync(ILocator list, string value);

    /// <summary>Types into a field.</summary>
    private protected abstract Task TypeAsync(ILocator field, string text);

    /// <summary>Takes the first result of a search.</summary>
    private protected abstract Task TakeFirstAsync(ILocator results);

    private Task PressAsync(ILocator target)
    {
        actions++;
        return DoPressAsync(target);
    }

    private void Report(string job)
    {
        output.WriteLine($"Job {job}: {actions} actions");
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
