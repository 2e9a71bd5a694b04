using System.Collections.Concurrent;
using EsimFly.Dashboard.Access.Sessions;
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

    [Fact]
    public async Task Token_WithAsManyConnectionsAsItMayHave_IsRefusedOneMore_UntilOneEnds()
    {
        await using var app = new DashboardApp();
        var open = new List<HubConnection>();
        for (var i = 0; i < HubConnections.MostAtOnce; i++)
        {
            open.Add(await ConnectAsync(app, LiveHub.Path, []));
        }

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(app, LiveHub.Path, []));
        Assert.Contains("429", fault.Message, StringComparison.Ordinal);
        await app.DeliverAsync(Signing.Sample("2025-11/order.created")); // receiving has nothing to do with it

        await open[0].DisposeAsync();
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    open[0] = await ConnectAsync(app, LiveHub.Path, []);
                    return true;
                }
                catch (Exception refused) when (refused.Message.Contains("429", StringComparison.Ordinal))
                {
                    return false; // the server has not seen yet that one is gone
                }
            },
            "a connection that ended makes room"
        );
        foreach (var connection in open)
        {
            await connection.DisposeAsync();
        }
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
