using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>Everything that support does can be done with the keyboard alone.</summary>
public sealed class KeyboardTests
{
    private const int MostTabs = 120;

    [Fact]
    public async Task Jobs_ByKeyboardAlone()
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
        await PressOnAsync(page.GetByRole(AriaRole.Link, new() { Name = "Orders", Exact = true }));
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Orders");
        await PressOnAsync(page.GetByRole(AriaRole.Button, new() { Name = "Failed", Exact = true }));
        await Assertions.Expect(page).ToHaveURLAsync($"{app.Address}orders?show=failed");
        await PressOnAsync(page.Locator("tr[data-order] a.row-link").First);
        await page.GetByTestId("verdict").WaitForAsync();

        // Evidence, care and a note.
        await PressOnAsync(page.GetByTestId("copy-evidence"));
        await Assertions.Expect(page.GetByText("Copied: the evidence")).ToBeVisibleAsync();
        await PressOnAsync(page.GetByTestId("take"));
        await Assertions.Expect(page.GetByTestId("case")).ToContainTextAsync("takes care");
        await TabToAsync(page.GetByLabel("A note"));
        await page.Keyboard.TypeAsync("By keyboard");
        await PressOnAsync(page.GetByRole(AriaRole.Button, new() { Name = "Add note" }));
        await Assertions.Expect(page.Locator(".notes li")).ToContainTextAsync("By keyboard");

        // A code is revealed, and the focus goes to it.
        await SearchAsync(page, Scene.NeverInstalledOrder);
        await PressOnAsync(page.GetByTestId("reveal"));
        await Assertions.Expect(page.GetByTestId("revealed")).ToBeFocusedAsync();
        await PressOnAsync(page.GetByTestId("revealed").GetByTestId("customer-text"));
        await Assertions.Expect(page.GetByText("Copied: a text for the customer")).ToBeVisibleAsync();

        // An incident is acknowledged; rows are ticked with the space bar.
        await SearchAsync(page, "alerts");
        var boxes = page.GetByTestId("incidents").GetByRole(AriaRole.Checkbox);
        await boxes.First.WaitForAsync();
        var before = await boxes.CountAsync();
        await TabToAsync(boxes.First);
        await page.Keyboard.PressAsync("Space");
        await PressOnAsync(page.GetByTestId("acknowledge-picked"));
        await Assertions.Expect(boxes).ToHaveCountAsync(before - 1);
        await SearchAsync(page, "rejected");
        await TabToAsync(page.GetByLabel("Select all that are shown"));
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

    private static async Task PressOnAsync(ILocator target)
    {
        await TabToAsync(target);
        await target.Page.Keyboard.PressAsync("Enter");
    }

    // From wherever the focus is, forwards, round the page if need be.
    private static async Task TabToAsync(ILocator target)
    {
        await target.First.WaitForAsync();
        for (var tab = 0; tab < MostTabs; tab++)
        {
            if (await target.First.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }

            await target.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"The keyboard does not reach {target}.");
    }
}
