using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>Job 15, "Does our set-up work?", in real Chromium: from the click on Test to the eSIM's page.</summary>
public sealed class SimulatorPageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Job15_ATestIsFollowedStepByStep_ToItsPage_AndAScenarioChecksItself()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var page = await browser.OpenAsync(app.Address, "/");

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })
            .GetByRole(AriaRole.Link, new() { Name = "Simulator" })
            .ClickAsync();
        await page.GetByTestId("test-order.completed").ClickAsync();
        var sent = page.Locator("[data-sent='order.completed']");
        await Assertions.Expect(sent.Locator(".steps li.done")).ToHaveCountAsync(5);
        await Assertions.Expect(sent).ToContainTextAsync("200 in");
        await sent.GetByRole(AriaRole.Link, new() { Name = "The eSIM" }).ClickAsync();
        await Assertions.Expect(page.GetByText("TEST", new() { Exact = true }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByTestId("verdict")).ToContainTextAsync("It was never installed");
        output.WriteLine("Job 15: 2 clicks, 3 to the eSIM");

        await page.GoBackAsync();
        await page.GetByLabel("Pause between steps, milliseconds").FillAsync("0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Play: An order's whole life" }).ClickAsync();
        await Assertions
            .Expect(page.Locator("[data-scenario='happy-path']"))
            .ToContainTextAsync("As it should", new() { Timeout = 20_000 });
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Editor_WhatIsEdited_IsWhatIsSent()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var page = await browser.OpenAsync(app.Address, "/simulator");

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit order.created" }).ClickAsync();
        await page.GetByLabel("The body", new() { Exact = true }).FillAsync("{");
        await Assertions.Expect(page.GetByTestId("editor")).ToContainTextAsync("This is not JSON");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("editor")).Not.ToContainTextAsync("This is not JSON");
        await Assertions
            .Expect(page.GetByLabel("The body", new() { Exact = true }))
            .ToHaveValueAsync(
                new System.Text.RegularExpressions.Regex(
                    "quantity",
                    System.Text.RegularExpressions.RegexOptions.None,
                    TimeSpan.FromSeconds(1)
                )
            );
        await page.GetByLabel("The body", new() { Exact = true })
            .FillAsync(
                (await page.GetByLabel("The body", new() { Exact = true }).InputValueAsync()).Replace(
                    "\"quantity\": 1",
                    "\"quantity\": 7",
                    StringComparison.Ordinal
                )
            );
        await page.GetByTestId("send").ClickAsync();
        await page.Locator("[data-sent='order.created']").GetByRole(AriaRole.Link, new() { Name = "The order" }).ClickAsync();

        await Assertions.Expect(page.Locator("dl.facts").First).ToContainTextAsync("Quantity7");
    }

    [Fact]
    public async Task EachEvent_ByItsTestButton_ComesToBeShownHere()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var page = await browser.OpenAsync(app.Address, "/simulator");

        foreach (var name in EsimFly.Dashboard.Contract.EventTypes.All.Select(type => EsimFly.Dashboard.Contract.EventTypes.Name(type)))
        {
            await page.GetByTestId($"test-{name}").ClickAsync();
            var sent = page.Locator($"[data-sent='{name}']");
            await Assertions.Expect(sent.Locator(".steps li.done")).ToHaveCountAsync(5);
            await Assertions.Expect(sent.Locator(".steps li").Last).ToContainTextAsync("after it was sent");
        }

        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task EachScenario_Played_ChecksItself()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var page = await browser.OpenAsync(app.Address, "/simulator");
        await page.GetByLabel("Pause between steps, milliseconds").FillAsync("0");
        await page.GetByLabel("Deliveries a second").FillAsync("5");
        await page.GetByLabel("Seconds", new() { Exact = true }).FillAsync("1");
        await page.GetByLabel("Seconds", new() { Exact = true }).BlurAsync();
        await Assertions.Expect(page.Locator("[data-scenario='burst']")).ToContainTextAsync("5 a second, for 1 second");

        foreach (var scenario in EsimFly.Dashboard.Simulator.Scenarios.All)
        {
            var row = page.Locator($"[data-scenario='{scenario.Name}']");
            await row.GetByRole(AriaRole.Button).Last.ClickAsync();
            await Assertions.Expect(row.GetByText("As it should", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
            Assert.NotEqual(0, await row.Locator(".checks li.done").CountAsync());
            Assert.Equal(0, await row.Locator(".checks li.bad").CountAsync());
        }

        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Retries_ThroughAFailingDesk_AreInTheLogOfTheDelivery()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var page = await browser.OpenAsync(app.Address, "/simulator");

        await page.GetByLabel("How many test deliveries fail").FillAsync("2");
        await page.GetByTestId("rehearse").ClickAsync();
        await Assertions.Expect(page.GetByTestId("rehearsal")).ToContainTextAsync("The next 2 test deliveries: it answers 503.");
        await page.GetByTestId("start-retries").ClickAsync();
        var run = page.Locator("[data-run]");
        await Assertions.Expect(run).ToContainTextAsync("Taken");
        await Assertions.Expect(run.Locator(".steps li.bad")).ToHaveCountAsync(2);
        await Assertions.Expect(run.Locator(".steps li.done")).ToContainTextAsync("Attempt 3 of 6: 200");
        await Assertions.Expect(page.GetByTestId("rehearsal")).ToHaveCountAsync(0); // it ended by itself

        await run.GetByTitle("The delivery log").ClickAsync();
        await page.Locator("tr[data-seq] a.row-link").ClickAsync();
        await Assertions.Expect(page.Locator("tr[data-refused]")).ToHaveCountAsync(2);
        await Assertions.Expect(page.GetByTestId("retry")).ToContainTextAsync("Answered with success at attempt 3 of 6.");
        await Assertions.Expect(page.Locator("[data-field='Status']")).ToContainTextAsync("Processing"); // what it changed
        Assert.Empty(browser.Problems);
    }
}
