using System.Collections.Concurrent;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.SignalR.Client;

namespace EsimFly.Dashboard.Tests.Live;

public class LiveHubTests
{
    [Fact]
    public async Task Client_HearsOfADelivery_AndOfItsOwnTopicsAlone()
    {
        await using var app = new DashboardApp();
        var (all, ordersOnly) = (new ConcurrentQueue<LiveChange>(), new ConcurrentQueue<LiveChange>());
        await using var first = await ConnectAsync(app, LiveHub.Path, all);
        await using var second = await ConnectAsync(app, LiveHub.Path + "?topic=order", ordersOnly);

        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));

        await Eventually.IsTrueAsync(
            () =>
                all.Contains(new LiveChange("order", "ORD-123456", false))
                && all.Contains(new LiveChange("esim", "8901234567890123456", false))
                && all.Any(change => string.Equals(change.Topic, "delivery", StringComparison.Ordinal))
                && !ordersOnly.IsEmpty,
            "both clients have heard"
        );
        Assert.All(ordersOnly, change => Assert.Equal("order", change.Topic));
    }

    private static async Task<HubConnection> ConnectAsync(DashboardApp app, string path, ConcurrentQueue<LiveChange> heard)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(
                new Uri(app.Address, path),
                options => options.AccessTokenProvider = () => Task.FromResult<string?>(DashboardApp.ApiToken)
            )
            .Build();
        connection.On<LiveMessage>(
            nameof(ILiveClient.Changed),
            message =>
            {
                foreach (var change in message.Changes)
                {
                    heard.Enqueue(change);
                }
            }
        );
        await connection.StartAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
