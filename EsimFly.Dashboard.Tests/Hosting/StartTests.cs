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

        foreach (
            var path in new[] { "/", "/css/desk.css", "/js/desk.js", "/_framework/blazor.web.js", "/_content/MudBlazor/MudBlazor.min.css" }
        )
        {
            using var response = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        using var plain = await app.Client.SendAsync(Signing.Sample("2025-11/order.created"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, plain.StatusCode); // Production requires HTTPS
        using var missing = await app.Client.GetAsync("/no/such/page", TestContext.Current.CancellationToken);
        Assert.Equal("/setup", missing.RequestMessage!.RequestUri!.AbsolutePath); // not even what there is not, to nobody
    }

    [Theory]
    [InlineData("Webhooks:MaxBodyBytes", "1", "Webhooks:MaxBodyBytes must lie between")]
    [InlineData("Webhooks:AllowedAddresses:0", "300.1.1.1", "300.1.1.1")]
    [InlineData("Webhooks:SignedForms:0", "Foo", "Foo")]
    public void Settings_OutOfTheirBounds_StopTheStart(string key, string value, string sentence)
    {
        var fault = Assert.ThrowsAny<Exception>(() => new DashboardApp([(key, value)]));

        Assert.Contains(sentence, fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Intake__QueueCapacity", "0", "Intake:QueueCapacity")]
    [InlineData("Api__Tokens__0__Token", "too-short-to-be-one", "fewer than 32 characters")]
    [InlineData("Admin__Email", "ada@example.com", "Admin:PasswordFile")]
    [InlineData("ESIMFLY_WEBHOOK_SECRET", " ", "is set but empty")]
    [InlineData("Webhooks__MaxBodyBytes", "99999999999", "Webhooks:MaxBodyBytes")]
    [InlineData("ASPNETCORE_URLS", "somewhere", "cannot be read")]
    [InlineData("ESIMFLY_WEBHOOK_SECRET_FILE", "/no/such/file", "cannot be read")]
    public async Task Start_WithABadSetting_EndsWithASentence(string key, string value, string sentence)
    {
        using var folder = new TempFolder();
        using var app = new AppProcess(folder.Path, environment: [(key, value)]);

        Assert.Equal(1, await app.ExitAsync());
        await Eventually.IsTrueAsync(() => app.Output.Contains(sentence, StringComparison.Ordinal), sentence);
        Assert.DoesNotContain("   at ", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortThatIsInUse_EndsWithASentence()
    {
        using var folder = new TempFolder();
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var app = new AppProcess(folder.Path, ((IPEndPoint)taken.LocalEndpoint).Port);

        Assert.Equal(1, await app.ExitAsync());
        await Eventually.IsTrueAsync(
            () => app.Output.Contains("address already in use", StringComparison.Ordinal),
            "the sentence is there"
        );
        Assert.DoesNotContain("   at ", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithKeysButNoDatabase_IsRefused_AndACommandMakesNone()
    {
        using var folder = new TempFolder();
        using (var command = new AppProcess(folder.Path, arguments: ["admin", "reset"]))
        {
            Assert.Equal(1, await command.ExitAsync());
            await Eventually.IsTrueAsync(
                () => command.Output.Contains("There is no desk in", StringComparison.Ordinal),
                "the sentence is there"
            );
            Assert.False(File.Exists(Path.Combine(folder.Path, "esimfly.db")));
        }

        // With settings in their other forms, which are read before anything else.
        using var secrets = new TempFolder();
        var file = Path.Combine(secrets.Path, "secret");
        await File.WriteAllTextAsync(file, "whsec_in_a_file\n", TestContext.Current.CancellationToken);
        (string, string?)[] settings =
        [
            ("ESIMFLY_WEBHOOK_SECRET_FILE", file),
            ("Webhooks__AllowedAddresses", "203.0.113.7, 127.0.0.0/8"),
            ("Webhooks__AddressPolicy", "Enforce"),
        ];
        using (var first = new AppProcess(folder.Path, environment: settings))
        {
            await first.BecomeReadyAsync();
            Assert.Contains("A new, empty database was made", first.Output, StringComparison.Ordinal);
            using var taken = await first.Client.SendAsync(
                Signing.Request(Samples.Read("2025-11/order.created"), secret: "whsec_in_a_file"),
                TestContext.Current.CancellationToken
            );
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        }

        foreach (var database in Directory.EnumerateFiles(folder.Path, "*.db*"))
        {
            File.Delete(database);
        }

        using var lost = new AppProcess(folder.Path);
        Assert.Equal(1, await lost.ExitAsync());
        await Eventually.IsTrueAsync(() => lost.Output.Contains("Is its disk mounted", StringComparison.Ordinal), "the sentence is there");
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
        using var app = new AppProcess(
            folder.Path,
            environment: [("Webhooks__RequireHttps", "false"), ("ASPNETCORE_ENVIRONMENT", "Production")],
            arguments: ["--Webhooks:RequireHttps=true"]
        );
        await app.BecomeReadyAsync();

        using var response = await app.Client.SendAsync(Signing.Sample("2025-11/order.created"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public async Task BehindAProxy_BrowsersAreKeptOnHttps_WhereTheyCameByIt(string scheme, bool isKept)
    {
        using var folder = new TempFolder();
        using var app = new AppProcess(
            folder.Path,
            environment: [("ASPNETCORE_ENVIRONMENT", "Production")],
            arguments: ["--Webhooks:KnownProxies:0=127.0.0.1"]
        );
        await app.BecomeReadyAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Host = "desk.example.com";
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        request.Headers.Add("X-Forwarded-Proto", scheme);

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(isKept, response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task EveryAnswer_HasTheSecurityHeaders()
    {
        await using var app = new DashboardApp();
        var requests = new (HttpMethod Method, string Path)[]
        {
            (HttpMethod.Get, "/"),
            (HttpMethod.Get, "/orders"),
            (HttpMethod.Get, "/css/desk.css"),
            (HttpMethod.Get, "/_framework/blazor.web.js"),
            (HttpMethod.Get, "/health/live"),
            (HttpMethod.Get, "/no/such/page"),
            (HttpMethod.Post, "/webhooks/esimfly"),
            (HttpMethod.Get, "/webhooks/esimfly"),
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
