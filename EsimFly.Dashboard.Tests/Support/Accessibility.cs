using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>What axe finds on a page.</summary>
internal static class Accessibility
{
    // Our pages have no frames: one run inside the page is all of it, and spares a second page for each, which costs ten times as much.
    private const string Run = """
        async () => {
          const result = await axe.run(document, { resultTypes: ['violations'] });
          const text = node => node.html + ' (' + node.any.map(check => check.message).join(' ') + ')';
          return result.violations
            .filter(found => found.impact === 'serious' || found.impact === 'critical')
            .map(found => found.impact + ' ' + found.id + ': ' + found.nodes.slice(0, 4).map(text).join(' | '));
        }
        """;

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>The serious and critical findings, once the page is idle.</summary>
    public static async Task<List<string>> FindingsAsync(IPage page, string where)
    {
        await page.EvaluateAsync("Promise.allSettled(document.getAnimations().map(animation => animation.finished))");
        return await FindingsNowAsync(page, where);
    }

    /// <summary>The same as the page is at this moment.</summary>
    public static async Task<List<string>> FindingsNowAsync(IPage page, string where)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        var findings = await page.EvaluateAsync<string[]>(Run);
        return [.. findings.Select(finding => $"{where}: {finding}")];
    }
}
