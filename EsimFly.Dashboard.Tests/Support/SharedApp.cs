namespace EsimFly.Dashboard.Tests.Support;

/// <summary>An app for all tests of a class, where none of them looks at what another has stored.</summary>
public sealed class SharedApp : IAsyncDisposable
{
    private readonly DashboardApp app = new();

    /// <summary>A client without an account.</summary>
    public HttpClient Client => app.Client;

    /// <summary>A client without a session, which follows no redirect.</summary>
    public HttpClient Visitor() => app.Visitor();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
