using System.Net;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Hosting;

/// <summary>How the process starts, as a process, from another folder.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Start_FromAnotherFolder_ReadsItsSettingsAndServesItsFiles()
    {
        using var folder = new TempFolder();
        using var app = new AppProcess(folder.Path, environment: [("ASPNETCORE_ENVIRONMENT", "Production")]);
        await app.BecomeReadyAsync();

        foreach (var path in new[] { "/", "/css/desk.css", "/js/desk.js", "/_framework/blazor.web.js", "/_content/MudBlazor/MudBlazor.min.css" })
        {
            using var response = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        using var plain = await app.Client.SendAsync(Signing.Sample("2025-11/order.created"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, plain.StatusCode); // Production requires HTTPS
        using var missing = await app.Client.GetAsync("/no/such/page", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("on this machine only", app.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:0", "listens on this machine only")]
    [InlineData("ESIMFLY_WEBHOOK_SECRET", " ", "is set but empty")]
    [InlineData("Webhooks__MaxBodyBytes", "1", "Webhooks:MaxBodyBytes must lie between")]
    [InlineData("Webhooks__AllowedAddresses__0", "300.1.1.1", "300.1.1.1")]
    [InlineData("Inbox__QueueCapacity", "0", "Inbox:QueueCapacity")]
    [InlineData("Webhooks__MaxBodyBytes", "abc", "Webhooks:MaxBodyBytes")]
    [InlineData("Webhooks__SignedForms__0", "Foo", "Foo")]
    [InlineData("ASPNETCORE_URLS", "somewhere", "cannot be read")]
    public async Task Start_WithABadSetting_EndsWithASentence(string key, string value, string sentence)
    {
        using var folder = new TempFolder();
        using var app = new AppProcess(folder.Path, environment: [(key, value)]);

        Assert.Equal(1, await app.ExitAsync());
        await Eventually.IsTrueAsync(() => app.Output.Contains(sentence, StringComparison.Ordinal), sentence);
        Assert.DoesNotContain("   at ", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAFolderThatIsInUse_EndsWithASentence()
    {
        using var folder = new TempFolder();
        using var first = new AppProcess(folder.Path);
        await first.BecomeReadyAsync();
        using var second = new AppProcess(folder.Path);

        Assert.Equal(1, await second.ExitAsync());
        await Eventually.IsTrueAsync(() => second.Output.Contains("Another process uses", StringComparison.Ordinal), "the sentence");
    }

    [Fact]
    public async Task Start_CommandLine_WinsOverEnvironmentAndFile()
    {
        using var folder = new TempFolder();
        using var app = new AppProcess(folder.Path, environment: [("Webhooks__RequireHttps", "false"), ("ASPNETCORE_ENVIRONMENT", "Production")], arguments: ["--Webhooks:RequireHttps=true"]);
        await app.BecomeReadyAsync();

        using var response = await app.Client.SendAsync(Signing.Sample("2025-11/order.created"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("localhost", null, null, HttpStatusCode.OK)]
    [InlineData("abc.tunnel.example", null, null, HttpStatusCode.Forbidden)]
    [InlineData("localhost", "X-Forwarded-For", "203.0.113.9", HttpStatusCode.Forbidden)]
    [InlineData("localhost", "Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    public async Task Desk_WithoutAccounts_IsForBrowsersOnThisMachineAlone(string host, string? header, string? value, HttpStatusCode expected)
    {
        await using var app = new DashboardApp();
        foreach (var path in new[] { "/", "/orders", "/_blazor/negotiate?negotiateVersion=1", "/hubs/live/negotiate?negotiateVersion=1" })
        {
            var isNegotiation = path.Contains("negotiate", StringComparison.Ordinal);
            Assert.Equal(expected, await AskAsync(isNegotiation ? HttpMethod.Post : HttpMethod.Get, path));
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Get, "/health/live"));

        async Task<HttpStatusCode> AskAsync(HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Host = $"{host}:{app.Address.Port}";
            if (header is not null)
            {
                request.Headers.Add(header, value);
            }

            using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task EveryAnswer_BearsTheSecurityHeaders()
    {
        await using var app = new DashboardApp();
        var requests = new (HttpMethod Method, string Path)[]
        {
            (HttpMethod.Get, "/"), (HttpMethod.Get, "/orders"), (HttpMethod.Get, "/css/desk.css"), (HttpMethod.Get, "/_framework/blazor.web.js"),
            (HttpMethod.Get, "/health/live"), (HttpMethod.Get, "/no/such/page"), (HttpMethod.Post, "/webhooks/esimfly"), (HttpMethod.Get, "/webhooks/esimfly"),
            (HttpMethod.Post, "/hubs/live/negotiate?negotiateVersion=1"),
        };
        foreach (var (method, path) in requests)
        {
            using var response = await app.Client.SendAsync(new HttpRequestMessage(method, path), TestContext.Current.CancellationToken);

            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("eval", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.False(response.Headers.Contains("Server"));
        }
    }
}
