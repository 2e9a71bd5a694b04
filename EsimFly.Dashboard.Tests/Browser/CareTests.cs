using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Desk.Cases;
using EsimFly.Dashboard.Desk.Customers;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>What support does beside looking: each in at most three actions.</summary>
public sealed class CareTests : IAsyncLifetime
{
    private const int MostActions = 3;

    private DashboardApp? app;
    private ChromiumBrowser? browser;
    private int actions;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!RequiredTool.IsThere(RequiredTool.Chromium))
        {
            return; // each test says so
        }

        app = new DashboardApp();
        await Scene.PlayAsync(app);
        await app.Get<AlertWatch>().LookAsync(Token);
        browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    [Fact]
    public async Task FindByEmail()
    {
        var page = await OpenAsync("/");
        await app!
            .Get<CustomerActions>()
            .SetAsync(
                await app.JoinAsync(AccountRole.Support),
                Scene.HealthyOrder,
                isTest: false,
                new Customer
                {
                    Name = "Nora",
                    Email = "nora@example.com",
                    Language = "ar",
                },
                Token
            );

        await page.Keyboard.PressAsync("Control+k");
        await ActAsync(() => page.Locator("#search-term").FillAsync("nora@example.com"));
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Nora");
        await ActAsync(() => page.Keyboard.PressAsync("Enter"));

        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(Scene.HealthyOrder);
        await Assertions.Expect(page.GetByTestId("customer")).ToContainTextAsync("nora@example.com");
        Done();
    }

    [Fact]
    public async Task HandOverToAColleague_WhoSeesItLive()
    {
        var admin = await app!.JoinAsync(AccountRole.Admin);
        var colleague = (await app!.Get<CaseActions>().ColleaguesAsync(admin, Token)).Single(one =>
            one.Name.Contains("dmin", StringComparison.Ordinal)
        );
        var page = await OpenAsync($"/orders/{Scene.StuckOrder}");
        var other = await OpenAsync($"/orders/{Scene.StuckOrder}");
        await Assertions.Expect(page.GetByTestId("watchers")).ToContainTextAsync("looking at this");

        await ActAsync(() => page.GetByTestId("take").ClickAsync());
        await Assertions.Expect(other.GetByTestId("case")).ToContainTextAsync("Assigned to");
        await ActAsync(() => page.GetByLabel("Assign to").SelectOptionAsync(colleague.Id));

        await Assertions.Expect(other.GetByTestId("case")).ToContainTextAsync($"Assigned to {colleague.Name}");
        Done();
    }

    [Fact]
    public async Task CloseAnIncident_AndTakeItBack()
    {
        var page = await OpenAsync("/alerts");
        var incident = page.GetByTestId("incidents").Locator("[data-incident], [data-alert]").First;
        await incident.WaitForAsync();
        var acknowledge = incident.GetByRole(AriaRole.Button);

        await ActAsync(() => acknowledge.ClickAsync());
        await ActAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync());

        await Assertions.Expect(page.GetByText("Acknowledged").First).ToBeVisibleAsync();
        Done();
    }

    [Fact]
    public async Task AcknowledgeThoseThatAreTicked()
    {
        var page = await OpenAsync("/alerts");
        var boxes = page.GetByTestId("incidents").GetByRole(AriaRole.Checkbox);
        await Assertions.Expect(boxes.First).ToBeVisibleAsync();
        var before = await boxes.CountAsync();

        await ActAsync(() => boxes.Nth(0).CheckAsync());
        await ActAsync(() => boxes.Nth(1).CheckAsync());
        await ActAsync(() => page.GetByTestId("acknowledge-picked").ClickAsync());

        await Assertions.Expect(boxes).ToHaveCountAsync(before - 2);
        Done();
    }

    [Fact]
    public async Task RevealAllOfAnOrder_AndCopyATextInTheCustomersLanguage()
    {
        const string Order = "ORD-OF-TWO";
        await app!.DeliverAsync(
            Signing.Request(
                System.Text.Encoding.UTF8.GetBytes(
                    $$"""
                    {"event":"order.completed","timestamp":"{{DateTime.UtcNow:O}}","data":{"order_id":"{{Order}}","esims":[
                     {"iccid":"8948010010092449901","activation_code":"LPA:1$a.example.com$CODE-1","status":"new"},
                     {"iccid":"8948010010092449919","activation_code":"LPA:1$a.example.com$CODE-2","status":"new"}] } }
                    """
                )
            )
        );
        await app.SettleAsync();
        await app.Get<CustomerActions>()
            .SetAsync(await app.JoinAsync(AccountRole.Support), Order, isTest: false, new Customer { Language = "ar" }, Token);
        await browser!.AllowClipboardAsync();
        var page = await OpenAsync($"/orders/{Order}");

        await ActAsync(() => page.GetByTestId("reveal-all").ClickAsync());
        await Assertions.Expect(page.GetByTestId("revealed")).ToHaveCountAsync(2);
        await ActAsync(() => page.GetByTestId("revealed").Last.GetByTestId("customer-text").ClickAsync());

        await Assertions.Expect(page.GetByText("Copied: a text for the customer")).ToBeVisibleAsync();
        var copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Contains("مرحبًا", copied, StringComparison.Ordinal);
        Assert.Contains("LPA:1$a.example.com$CODE-2", copied, StringComparison.Ordinal);
        await using var log = app.OpenLog();
        Assert.Equal(2, log.Audit.Count(row => row.Action == EsimFly.Dashboard.Access.Audit.AuditActions.CodeRevealed));
        Done();
    }

    [Fact]
    public async Task SaveAView_AndComeBackToIt()
    {
        var page = await OpenAsync("/orders?show=failed&range=7d");
        await page.GetByTestId("views").Locator("summary").ClickAsync();

        await ActAsync(() => page.GetByLabel("Name of the view").FillAsync("Failed this week"));
        await ActAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save this view" }).ClickAsync());
        var link = page.GetByTestId("views").GetByRole(AriaRole.Link, new() { Name = "Failed this week" });
        await Assertions.Expect(link).ToHaveAttributeAsync("href", "/orders?show=failed&range=7d");

        var elsewhere = await OpenAsync("/orders");
        await elsewhere.GetByTestId("views").Locator("summary").ClickAsync();
        await ActAsync(() => elsewhere.GetByTestId("views").GetByRole(AriaRole.Link, new() { Name = "Failed this week" }).ClickAsync());
        await Assertions.Expect(elsewhere).ToHaveURLAsync($"{app!.Address}orders?show=failed&range=7d");
        await Assertions
            .Expect(elsewhere.GetByRole(AriaRole.Button, new() { Name = "Failed", Exact = true }))
            .ToHaveAttributeAsync("aria-pressed", "true");
        Done();
    }

    [Fact]
    public async Task FindADeliveryByItsOrder()
    {
        var page = await OpenAsync("/deliveries");

        await ActAsync(() => page.GetByTestId("search").FillAsync(Scene.HealthyOrder));
        await Assertions.Expect(page).ToHaveURLAsync($"{app!.Address}deliveries?q={Scene.HealthyOrder}");
        await ActAsync(() => page.Locator("tr[data-seq] a.row-link").First.ClickAsync());

        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Delivery");
        Done();
    }

    [Fact]
    public async Task VerifyTwentyRefusedAtOnce()
    {
        for (var number = 0; number < 20; number++)
        {
            using var refused = await app!.Client.SendAsync(
                Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = $"ORD-R-{number}"), secret: "whsec_right"),
                Token
            );
        }

        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var log = app!.OpenLog();
                return log.Rejected.Count(row => row.SealedRequest != null) >= 20;
            },
            "all are kept"
        );
        var page = await OpenAsync("/deliveries/rejected?reason=signature_mismatch");
        await Assertions.Expect(page.Locator("tr[data-rejected]").First).ToBeVisibleAsync();
        await ActAsync(() => page.GetByLabel("Select all that are shown").CheckAsync());
        await ActAsync(() => page.GetByTestId("picked").GetByRole(AriaRole.Button, new() { Name = "Verify again" }).ClickAsync());
        await ActAsync(() => page.GetByTestId("picked").GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync());

        // None of them verifies yet, and each is named.
        await Assertions.Expect(page.Locator(".bulk-failed")).ToContainTextAsync("were not done");
        await Assertions.Expect(page.Locator(".bulk-failed li")).ToHaveCountAsync(21); // one was there before
        await app!.Get<SecretActions>().AddAsync(await app.JoinAsync(AccountRole.Admin), "Right", "whsec_right", Token);
        await Assertions.Expect(page.Locator("tr[data-rejected]")).ToHaveCountAsync(1); // which was there before
        Done();
    }

    private async Task<IPage> OpenAsync(string path)
    {
        RequiredTool.Need(RequiredTool.Chromium);
        return await browser!.OpenAsync(app!.Address, path);
    }

    private Task ActAsync(Func<Task> action)
    {
        actions++;
        return action();
    }

    private void Done()
    {
        Assert.True(actions <= MostActions, $"It took {actions} actions.");
        Assert.Empty(browser!.Problems);
    }
}
