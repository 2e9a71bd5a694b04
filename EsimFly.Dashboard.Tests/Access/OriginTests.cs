using System.Net;
using System.Net.WebSockets;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EsimFly.Dashboard.Tests.Access;

public sealed class OriginTests
{
    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("own", HttpStatusCode.OK)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("https://desk.example.com", HttpStatusCode.OK)]
    public async Task Requests_OfOtherSitesPages_AreRefused(string? origin, HttpStatusCode expected)
    {
        await using var app = new DashboardApp([("Access:AllowedOrigins:0", "https://desk.example.com/")]);
        using var client = await app.SignInAsync(AccountRole.Admin);
        foreach (
            var (method, path) in new[]
            {
                (HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1"),
                (HttpMethod.Post, "/hubs/live/negotiate?negotiateVersion=1"),
                (HttpMethod.Get, "/orders"),
            }
        )
        {
            using var request = new HttpRequestMessage(method, path);
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin is "own" ? app.Address.GetLeftPart(UriPartial.Authority) : origin);
            }

            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Fact]
    public async Task Page_BehindAProxyWithoutItsHeaders_IsRefused_AndTheLogSaysWhatToSet()
    {
        var heard = new HeardLog();
        await using var app = new DashboardApp(services: services => services.AddSingleton<ILoggerProvider>(heard));
        using var client = await app.SignInAsync(AccountRole.Admin);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", $"https://{app.Address.Authority}"); // the browser came by HTTPS, the proxy does not say so

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(heard.Lines, line => line.Contains("Webhooks:KnownProxies", StringComparison.Ordinal));
        using var page = await client.GetAsync("/", TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("id=\"not-connected\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("own", true)]
    public async Task WebSocket_FromAnotherSite_IsRefused(string origin, bool isLetIn)
    {
        await using var app = new DashboardApp();
        var cookie = app.CookieOf(await app.JoinAsync(AccountRole.Admin));
        foreach (var path in new[] { "_blazor", "hubs/live" })
        {
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Origin", origin is "own" ? app.Address.GetLeftPart(UriPartial.Authority) : origin);
            socket.Options.SetRequestHeader("Cookie", $"{SessionCookie.Name}={cookie}");
            var address = new UriBuilder(app.Address) { Scheme = "ws", Path = path }.Uri;

            if (isLetIn)
            {
                await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
                Assert.Equal(WebSocketState.Open, socket.State);
            }
            else
            {
                await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address, TestContext.Current.CancellationToken));
                Assert.NotEqual(HttpStatusCode.SwitchingProtocols, socket.HttpStatusCode);
            }
        }
    }

    // A browser that came by HTTPS refuses to follow a form to http: the page says why before anybody tries.
    [Fact]
    public async Task SignIn_BehindAProxyThatDoesNotSayHowItWasAsked_CanTellSo()
    {
        await using var app = new DashboardApp();
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);

        var notice = (await browser.PageAsync("/account/sign-in")).QuerySelector("[data-scheme]")!;

        Assert.Equal("http", notice.GetAttribute("data-scheme")); // compared with the page's own address by its script
        Assert.True(notice.HasAttribute("hidden"));
        Assert.Contains("X-Forwarded-Proto", notice.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ThatIsNoneOfTheDesksNames_IsRefused_OnceItHasOne()
    {
        await using var app = new DashboardApp();
        var admin = await app.JoinAsync(AccountRole.Admin);
        using var client = await app.SignInAsync(AccountRole.Admin);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("evil.example", "/orders"));

        await app.Get<EsimFly.Dashboard.Desk.Settings.AddressActions>()
            .SetAsync(admin, "https://desk.example.com", TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(
            async () => await StatusAsync("evil.example", "/orders") == HttpStatusCode.BadRequest,
            "another name is refused"
        );
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("desk.example.com", "/orders"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("localhost", "/orders"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app.Address.Host, "/orders"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("evil.example", "/health/live"));

        async Task<HttpStatusCode> StatusAsync(string host, string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = $"{host}:{app.Address.Port}";
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Form_OfAPageThatSendsNoReferrer_IsTaken_OnlyWhereTheBrowserVouchesForIt()
    {
        await using var app = new DashboardApp();
        using var client = app.Visitor();

        Assert.Equal(HttpStatusCode.Found, await PostAsync("same-origin", "navigate"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("cross-site", "navigate"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("same-origin", "cors"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(null, null));

        async Task<HttpStatusCode> PostAsync(string? site, string? mode)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/account/sign-out");
            request.Headers.Add("Origin", "null");
            if (site is not null)
            {
                request.Headers.Add("Sec-Fetch-Site", site);
                request.Headers.Add("Sec-Fetch-Mode", mode);
            }

            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task ForwardedHeaders_OfNobodyKnown_ChangeNothing()
    {
        await using var app = new DashboardApp();
        using var client = await app.SignInAsync(AccountRole.Admin);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("Origin", "https://evil.example");

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }
}
