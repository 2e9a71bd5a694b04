using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Integration;

/// <summary>Instances that start while another receives: they change nothing of the read model that it moves.</summary>
[Collection(Processes.Name)]
public sealed class StartsUnderLoadTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Starts_WhileAnotherReceives_LeaveTheReadModelAlone() => StartAgainAndAgainAsync(3);

    /// <summary>In full: several minutes.</summary>
    [Fact(Explicit = true)]
    public Task FiftyStarts_WhileAnotherReceives_LeaveTheReadModelAlone() => StartAgainAndAgainAsync(50);

    private async Task StartAgainAndAgainAsync(int starts)
    {
        using var server = new PostgresProcess();
        using var group = new InstanceGroup(server);
        var first = await group.StartAsync("a");
        Assert.Equal("a", await group.NextProjectorAsync(gone: null));
        var epoch = EpochOf(server);
        var acknowledged = new ConcurrentQueue<string>();
        using var load = new CancellationTokenSource();
        var sending = SendAsync(first, acknowledged, load.Token);

        for (var i = 0; i < starts; i++)
        {
            var before = acknowledged.Count;
            var name = string.Create(CultureInfo.InvariantCulture, $"b{i}");
            var other = await group.StartAsync(name);
            Assert.Equal(epoch, EpochOf(server));
            using (var response = await other.Client.SendAsync(OrderRequest(acknowledged.First()), Token))
            {
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }

            other.Process.Kill();
            Assert.True(acknowledged.Count > before, "Nothing was received meanwhile.");
            Assert.Equal("a", group.Projector());
        }

        await load.CancelAsync();
        await sending;
        await Eventually.IsTrueAsync(() => group.OrdersInReadModel("START-") == acknowledged.Count, "all that was acknowledged is folded");
        output.WriteLine($"{starts} starts, {acknowledged.Count} acknowledged and folded.");
        Assert.Equal(epoch, EpochOf(server));
        Assert.DoesNotContain("no longer at position", first.Output, StringComparison.Ordinal);
    }

    private static string EpochOf(PostgresProcess server) =>
        Assert.Single(server.Query($"SELECT \"Epoch\" FROM {InstanceGroup.ReadModelName}.\"Position\""));

    private static HttpRequestMessage OrderRequest(string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/orders/{id}");
        request.Headers.Authorization = new("Bearer", DashboardApp.ApiToken);
        return request;
    }

    // Some twenty a second.
    private static async Task SendAsync(AppProcess app, ConcurrentQueue<string> acknowledged, CancellationToken cancellationToken)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"START-{i}");
            Assert.Equal(HttpStatusCode.OK, await InstanceGroup.PostAsync(app.Client, id, Token));
            acknowledged.Enqueue(id);
            await pace.WaitForNextTickAsync(Token);
        }
    }
}
