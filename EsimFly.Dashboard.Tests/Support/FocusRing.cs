using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Each thing that the keyboard reaches says that it is there, by a ring of two pixels at the least.</summary>
internal static class FocusRing
{
    private const int MostStops = 25;

    // What has the focus and no ring; empty where it has one; null where the page has been gone round.
    private const string Ring = """
        (() => {
          const at = document.activeElement;
          if (!at || at === document.body || at.dataset.stopped) { return null; }
          at.dataset.stopped = 'yes';
          const style = getComputedStyle(at);
          const hasRing = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
          return hasRing ? '' : at.outerHTML.slice(0, 200);
        })()
        """;

    /// <summary>What of a page shows no ring when the Tab key arrives there.</summary>
    public static async Task<IReadOnlyList<string>> FindingsAsync(IPage page, string path)
    {
        // Of the first page the navigation, too; it is the same on all.
        await page.EvaluateAsync(path is "/" ? "document.activeElement?.blur()" : "document.getElementById('main')?.focus()");
        var without = new List<string>();
        var seen = 0;
        for (; seen < MostStops; seen++)
        {
            await page.Keyboard.PressAsync("Tab");
            var stop = await page.EvaluateAsync<string?>(Ring);
            if (stop is null)
            {
                break;
            }

            if (stop.Length > 0)
            {
                without.Add($"{path} has no focus ring: {stop}");
            }
        }

        Assert.True(seen > 0, $"{path} has nothing that the keyboard reaches");
        return without;
    }
}
