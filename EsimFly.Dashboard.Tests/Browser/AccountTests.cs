using System.Collections.Concurrent;
using System.Text;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.EsimflyApi.Sync;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>The account at eSIMfly in real Chromium: connect, register the webhook, ask, reconcile.</summary>
public sealed class AccountTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Account_IsConnected_ItsWebhookIsRegistered_AndWhatTheNewSecretSignsIsTaken()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 12, mostAMinute: 600);
        esimfly.Account.WebhookUrl = "https://another.example.com/hook";
        await using var app = new DashboardApp([("EsimflyApi:BaseUrl", esimfly.Address)]);
        var admin = await app.JoinAsync(AccountRole.Admin);
        Assert.Null(await app.Get<AddressActions>().SetAsync(admin, "https://desk.example.com", Token));
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Admin);
        var page = await browser.OpenAsync(app.Address, "/settings/esimfly");

        await page.GetByLabel("Access code").FillAsync(EsimflyStandIn.AccessCode);
        await page.GetByLabel("Secret key").FillAsync(EsimflyStandIn.SecretKey);
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("answer")).ToContainTextAsync("1,500.25 USD");

        await page.GetByTestId("plan-webhook").ClickAsync();
        await Assertions.Expect(page.GetByTestId("plan")).ToContainTextAsync("https://another.example.com/hook");
        await Assertions.Expect(page.GetByTestId("elsewhere")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect webhooks" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("connected")).ToBeVisibleAsync();

        Assert.Equal("https://desk.example.com/webhooks/esimfly", esimfly.Account.WebhookUrl);
        Assert.Contains("esim.status.changed", esimfly.Account.WebhookEvents, StringComparer.Ordinal);
        using var signed = Signing.Request(
            Samples.Read("2026-04/esim.installed"),
            Samples.ContractOf("2026-04/esim.installed"),
            esimfly.Account.WebhookSecret!,
            eventName: "esim.installed"
        );
        using var taken = await app.Client.SendAsync(signed, Token);
        Assert.Equal(System.Net.HttpStatusCode.OK, taken.StatusCode);
        using var before = await app.Client.SendAsync(Signing.Sample("2025-11/order.created"), Token); // the old one goes on
        Assert.Equal(System.Net.HttpStatusCode.OK, before.StatusCode);
        Assert.DoesNotContain(esimfly.Account.WebhookSecret!, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Outage_IsReconciled_AndAnEsimIsAskedAbout()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 40, mostAMinute: 600);
        await using var app = new DashboardApp([
            ("EsimflyApi:BaseUrl", esimfly.Address),
            ("EsimflyApi:AccessCode", EsimflyStandIn.AccessCode),
            ("EsimflyApi:SecretKey", EsimflyStandIn.SecretKey),
        ]);
        // It was reported as created; its end came while nothing could be received.
        var order = esimfly.Account.Orders[^2];
        await app.DeliverAsync(
            Signing.Request(
                Samples.At(
                    "2025-11/order.created",
                    order.CreatedAt,
                    data => (data["order_id"], data["order_reference"]) = ("ORD-LOST", order.Reference)
                )
            )
        );
        esimfly.Account.Recent.Add(new("order.completed", order.Reference, "failed", 6, DateTimeOffset.UtcNow.AddMinutes(-5)));
        await app.SettleAsync();
        await app.Get<Synchroniser>().RunSoonAsync(SyncJob.Webhook, Token);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Admin);

        var missing = await browser.OpenAsync(app.Address, "/deliveries/missing");
        var counted = missing.GetByTestId("counted-failures");
        await Assertions.Expect(counted).ToContainTextAsync(order.Reference);
        await Assertions.Expect(counted).ToContainTextAsync("nothing like it came");

        var page = await browser.OpenAsync(app.Address, "/settings/esimfly");
        esimfly.Sometimes = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        await page.GetByTestId("reconcile-1").ClickAsync();
        await page.GetByTestId("reconcile-stop").ClickAsync();
        await Assertions.Expect(page.GetByText("Halted. What was found until then is kept.")).ToBeVisibleAsync();
        esimfly.Sometimes = null;
        await page.GetByTestId("reconcile-30").ClickAsync();
        await Assertions.Expect(page.GetByTestId("reconciled")).ToContainTextAsync("Compared", new() { Timeout = 20_000 });
        await app.SettleAsync();
        var lost = await browser.OpenAsync(app.Address, "/orders/ORD-LOST");
        await Assertions.Expect(lost.GetByTestId("verdict")).ToContainTextAsync("It completed.");
        await Assertions.Expect(lost.GetByTestId("basis")).ToContainTextAsync("eSIMfly’s API");
        await Assertions.Expect(lost.GetByText("reconciled, not received").First).ToBeVisibleAsync();

        var wrong = esimfly.Account.Esims.Values.First(esim => esim.Status is "ACTIVE");
        wrong.WrongNetworks = 3;
        var frames = new ConcurrentQueue<byte[]>();
        var esim = await browser.NewPageAsync("the eSIM");
        esim.WebSocket += (_, socket) =>
            socket.FrameReceived += (_, frame) => frames.Enqueue(frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? ""));
        await esim.GotoAsync(new Uri(app.Address, $"/esims/{wrong.Iccid}").ToString());
        await esim.GetByTestId("ask-now").ClickAsync();
        await Assertions.Expect(esim.GetByTestId("asked")).ToContainTextAsync("Pixel 9");
        await Assertions.Expect(esim.GetByTestId("contacts")).ToContainTextAsync("outside its plan");
        await Assertions.Expect(esim.GetByTestId("verdict")).ToContainTextAsync("outside its plan, 3 times");
        await esim.GetByTestId("ask-now").ClickAsync();
        await Assertions.Expect(esim.GetByText("within the last 60 seconds")).ToBeVisibleAsync();
        await esim.GetByTestId("ask-usage").ClickAsync();
        await Assertions.Expect(esim.GetByTestId("usage-chart")).ToContainTextAsync(wrong.Country);
        Assert.Empty(await Accessibility.FindingsAsync(esim, esim.Url));
        Assert.Empty(await Accessibility.FindingsAsync(page, page.Url));
        Assert.NotEmpty(frames);
        var code = Encoding.UTF8.GetBytes(wrong.Lpa.Split('$')[2]);
        Assert.DoesNotContain(frames, frame => frame.AsSpan().IndexOf(code) >= 0);
        Assert.Empty(browser.Problems);
    }
}
