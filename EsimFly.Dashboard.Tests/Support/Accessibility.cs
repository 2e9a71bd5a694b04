using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>What axe finds on a page.</summary>
internal static class Accessibility
{
    /// <summary>The serious and critical findings, once the page is idle.</summary>
    public static async Task<List<string>> FindingsAsync(IPage page, string where)
    {
        await page.EvaluateAsync("Promise.allSettled(document.getAnimations().map(animation => animation.finished))");
        return await FindingsNowAsync(page, where);
    }

    /// <summary>The same as the page is at this moment.</summary>
    public static async Task<List<string>> FindingsNowAsync(IPage page, string where)
    {
        var result = await page.RunAxe();
        return
        [
            .. result
                .Violations.Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation =>
                    $"{where}: {violation.Impact} {violation.Id}: {string.Join(" | ", violation.Nodes.Take(4).Select(Text))}"
                ),
        ];
    }

    private static string Text(AxeResultNode node) => $"{node.Html} ({string.Join(' ', node.Any.Select(check => check.Message))})";
}
