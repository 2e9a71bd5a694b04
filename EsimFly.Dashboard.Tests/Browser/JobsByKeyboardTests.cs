using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>The jobs with the keyboard alone: whatever is used is reached with Tab.</summary>
public sealed class JobsByKeyboardTests(JobsTests.SampleDay sampleDay, ITestOutputHelper output) : JobsTests(sampleDay, output)
{
    private protected override Task DoPressAsync(ILocator target) => target.PressEnterOnAsync();

    private protected override async Task ChooseAsync(ILocator list, string value)
    {
        await list.TabToAsync();
        var text = await list.Locator($"option[value='{value}']").InnerTextAsync();
        await list.Page.Keyboard.TypeAsync(text); // a list goes to the choice that begins with what is typed
    }

    private protected override async Task TypeAsync(ILocator field, string text)
    {
        await field.TabToAsync();
        await field.Page.Keyboard.TypeAsync(text);
    }

    private protected override Task TakeFirstAsync(ILocator results) => results.Page.Keyboard.PressAsync("Enter");
}
