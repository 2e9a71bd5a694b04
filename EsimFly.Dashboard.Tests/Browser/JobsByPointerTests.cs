using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>The jobs with the pointer.</summary>
public sealed class JobsByPointerTests(JobsTests.SampleDay sampleDay, ITestOutputHelper output) : JobsTests(sampleDay, output)
{
    private protected override Task DoPressAsync(ILocator target) => target.ClickAsync();

    private protected override Task ChooseAsync(ILocator list, string value) => list.SelectOptionAsync(value);

    private protected override Task TypeAsync(ILocator field, string text) => field.FillAsync(text);

    private protected override Task TakeFirstAsync(ILocator results) => results.First.ClickAsync();
}
