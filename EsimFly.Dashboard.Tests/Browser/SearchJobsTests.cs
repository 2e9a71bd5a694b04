using System.Text.RegularExpressions;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>The first two jobs: "My eSIM does not work", and which failure it is.</summary>
public sealed class SearchJobsTests(JobsTests.SampleDay sampleDay) : IClassFixture<JobsTests.SampleDay>, IAsyncDisposable
{
    private readonly List<IPage> opened = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var page in opened)
        {
            await page.CloseAsync(); // an account may have so many open and no more
        }
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
        Assert.Empty(sampleDay.Browser!.Problems);
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

    private static Task Verdict(IPage page, string says) => Assertions.Expect(page.GetByTestId("verdict")).ToContainTextAsync(says);

    private async Task<IPage> OpenAsync(string path = "/")
    {
        RequiredTool.Need(RequiredTool.Chromium);
        var page = await sampleDay.Browser!.OpenAsync(sampleDay.App!.Address, path);
        opened.Add(page);
        return page;
    }
}
