using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>What a person does who uses the keyboard alone.</summary>
internal static class Keyboard
{
    private const int MostTabs = 150;

    /// <summary>Moves the focus to it from wherever it is, forwards, round the page if need be.</summary>
    public static async Task TabToAsync(this ILocator target)
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

    /// <summary>Moves the focus to it and presses Enter.</summary>
    public static async Task PressEnterOnAsync(this ILocator target)
    {
        await target.TabToAsync();
        await target.Page.Keyboard.PressAsync("Enter");
    }
}
