using System.Diagnostics;
using System.Net;
using EsimFly.Dashboard.Tests.Support;
using Npgsql;

namespace EsimFly.Dashboard.Tests.Integration;

/// <summary>A PostgreSQL server that starts later, goes away for a moment, or lets nobody in: the program waits for it.</summary>
[Collection(Processes.Name)]
public sealed class PostgresFaultsTests : IDisposable
{
    private readonly PostgresProcess server = new();
    private readonly InstanceGroup group;

    public PostgresFaultsTests() => group = new InstanceGroup(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_ThatStartsLater_IsWaitedFor()
    {
        server.Crash();
        var starting = group.StartAsync("a");
        await Eventually.IsTrueAsync(
            () => group.All.TryGetValue("a", out var app) && app.Output.Contains("does not answer", StringComparison.Ordinal),
            "it says what it waits for"
        );

        server.Start();

        var app = await starting;
        Assert.Equal(HttpStatusCode.OK, await InstanceGroup.PostAsync(app.Client, "AFTER-1", Token));
    }

    [Fact]
    public async Task Server_ThatWasRestarted_IsReadFromAgainAtOnce()
    {
        var app = await group.StartAsync("a");
        Assert.Equal(HttpStatusCode.OK, await InstanceGroup.PostAsync(app.Client, "BEFORE-1", Token));
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(app));

        server.CrashAndStart();

        Assert.Equal(HttpStatusCode.OK, await ReadAsync(app));
    }

    [Fact]
    public async Task Role_ThatMayNoLongerLogIn_EndsNoProcess_AndIsUsedAgainWhenItMay()
    {
        var app = await group.StartAsync("a");
        Assert.Equal(HttpStatusCode.OK, await InstanceGroup.PostAsync(app.Client, "BEFORE-1", Token));
        using var browser = new FormClient(
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Address }
        );
        using var signedIn = await browser.SignInAsync(InstanceGroup.Administrator, People.Password);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/orders")).StatusCode);
        await using var keeper = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await keeper.OpenAsync(Token);
        await ExecuteAsync(
            keeper,
            """
            ALTER ROLE esimfly NOLOGIN;
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend';
            """
        );

        var started = Stopwatch.GetTimestamp();
        for (var i = 0; Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(8); i++)
        {
            Assert.False(app.Process.HasExited, app.Output);
            var status = await InstanceGroup.PostAsync(app.Client, $"MEANWHILE-{i}", Token);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(app, "/health/ready"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadAsync(app));
        }

        using var page = await browser.GetAsync("/orders");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("The database does not answer", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        await ExecuteAsync(keeper, "ALTER ROLE esimfly LOGIN");

        await Eventually.IsTrueAsync(
            async () => await InstanceGroup.PostAsync(app.Client, "AFTER-1", Token) == HttpStatusCode.OK,
            "deliveries are taken again"
        );
        Assert.True(app.Output.Length < 20_000, app.Output); // what repeats is counted, not written again
        await app.BecomeReadyAsync();
        await Eventually.IsTrueAsync(() => group.OrdersInReadModel("AFTER") == 1, "what it receives is folded");
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(app));
    }

    public void Dispose()
    {
        group.Dispose();
        server.Dispose();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static Task<HttpStatusCode> ReadAsync(AppProcess app) => GetAsync(app, "/api/v1/orders");

    private static async Task<HttpStatusCode> GetAsync(AppProcess app, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", DashboardApp.ApiToken);
        using var response = await app.Client.SendAsync(request, Token);
        return response.StatusCode;
    }
}
