using EsimFly.Dashboard.Tests.Support;

[assembly: AssemblyFixture(typeof(AllTests))]

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>What ends with the last test.</summary>
public sealed class AllTests : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ChromiumBrowser.EndAsync();
        TestDatabase.End();
    }
}
