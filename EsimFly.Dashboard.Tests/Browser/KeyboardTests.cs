using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>What support does beside the jobs, with the keyboard alone; the jobs: see <see cref="JobsByKeyboardTests"/>.</summary>
public sealed class KeyboardTests
{
    [Fact]
    public async Task Care_ByKeyboardAlone()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await Scene.PlayAsync(app);
        await app.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.AllowClipboardAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var page = await browser.OpenAsync(app.Address, "/");

        // Through the navigation to the failed orders, and into the first.
        await page.GetByRole(AriaRole.Link, new() { Name = "Orders", Exact = true }).PressEnterOnAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Orders");
        await page.GetByRole(AriaRole.Button, new() { Name = "Failed", Exact = true }).PressEnterOnAsync();
        await Assertions.Expect(page).ToHaveURLAsync($"{app.Address}orders?show=failed");
        await page.Locator("tr[data-order] a.row-link").First.PressEnterOnAsync();
        await page.GetByTestId("verdict").WaitForAsync();

        // Evidence, care and a note.
        await page.GetByTestId("copy-evidence").PressEnterOnAsync();
        await Assertions.Expect(page.GetByText("Copied: the evidence")).ToBeVisibleAsync();
        await page.GetByTestId("take").PressEnterOnAsync();
        await Assertions.Expect(page.GetByTestId("case")).ToContainTextAsync("Assigned to");
        await page.GetByLabel("A note").TabToAsync();
        await page.Keyboard.TypeAsync("By keyboard");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add note" }).PressEnterOnAsync();
        await Assertions.Expect(page.Locator(".notes li")).ToContainTextAsync("By keyboard");

        // A code is revealed, and the focus goes to it.
        await SearchAsync(page, Scene.NeverInstalledOrder);
        await page.GetByTestId("reveal").PressEnterOnAsync();
        await Assertions.Expect(page.GetByTestId("revealed")).ToBeFocusedAsync();
        await page.GetByTestId("revealed").GetByTestId("customer-text").PressEnterOnAsync();
        await Assertions.Expect(page.GetByText("Copied: a text for the customer")).ToBeVisibleAsync();

        // An incident is acknowledged; rows are ticked with the space bar.
        await SearchAsync(page, "alerts");
        var boxes = page.GetByTestId("incidents").GetByRole(AriaRole.Checkbox);
        await boxes.First.WaitForAsync();
        var before = await boxes.CountAsync();
        await boxes.First.TabToAsync();
        await page.Keyboard.PressAsync("Space");
        await page.GetByTestId("acknowledge-picked").PressEnterOnAsync();
        await Assertions.Expect(boxes).ToHaveCountAsync(before - 1);
        await SearchAsync(page, "rejected");
        await page.GetByLabel("Select all that are shown").TabToAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.GetByTestId("picked")).ToContainTextAsync("selected");

        Assert.Empty(browser.Problems);
    }

    private static async Task SearchAsync(IPage page, string term)
    {
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#search-term").PressSequentiallyAsync(term);
        await Assertions.Expect(page.Locator("#search-results")).ToHaveAttributeAsync("data-term", term);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#search")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".mud-skeleton")).ToHaveCountAsync(0);
    }
}
