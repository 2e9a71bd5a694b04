using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>What looks for faults of accessibility finds them.</summary>
public sealed class AccessibilityTests
{
    [Fact]
    public async Task Findings_OfAPageWithFaults_NameThem()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        var page = await browser.NewPageAsync("a page with faults");
        await page.SetContentAsync("<p style='color: #ccc; background: #fff'>pale</p><img src='data:,'><p>all is well</p>");

        var findings = await Accessibility.FindingsAsync(page, "here");

        Assert.Contains(findings, finding => finding.StartsWith("here: serious color-contrast: <p style", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.StartsWith("here: critical image-alt", StringComparison.Ordinal));
        Assert.DoesNotContain(
            findings,
            finding =>
                finding.Contains("color-contrast", StringComparison.Ordinal) && finding.Contains("all is well", StringComparison.Ordinal)
        );
    }
}
