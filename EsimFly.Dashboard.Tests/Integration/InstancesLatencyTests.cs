using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.SignalR.Client;

namespace EsimFly.Dashboard.Tests.Integration;

/// <summary>How soon the others hear of what one instance received.</summary>
[Collection(Alone.Name)]
public sealed class InstancesLatencyTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_OfOneInstance_IsHeardOnTheOthersWithinASecond()
    {
        using var server = new PostgresProcess();
        using var group = new InstanceGroup(server);
        var first = await group.StartAsync("a");
        await group.StartAsync("b");
        var third = await group.StartAsync("c");
        var heard = new ConcurrentQueue<LiveChange>();
        await using var hub = await ListenAsync(third.Address, heard);

        var took = new List<TimeSpan>();
        for (var i = 0; i < 20; i++)
        {
            var id = $"LIVE-{i}";
            var started = Stopwatch.GetTimestamp();
            Assert.Equal(HttpStatusCode.OK, await InstanceGroup.PostAsync(first.Client, id, Token));
            await Eventually.IsTrueAsync(
                () => heard.Any(change => string.Equals(change.Key, id, StringComparison.Ordinal)),
                "the other instance has heard"
            );
            took.Add(Stopwatch.GetElapsedTime(started));
        }

        took.Sort();
        output.WriteLine(
            $"From a delivery at one instance to a hub's client at another: median {took[10].TotalMilliseconds:0} ms, "
                + $"longest {took[^1].TotalMilliseconds:0} ms."
        );
        Assert.True(took[^1] < TimeSpan.FromSeconds(1), $"The longest took {took[^1].TotalMilliseconds:0} ms.");
    }

    private static async Task<HubConnection> ListenAsync(Uri address, ConcurrentQueue<LiveChange> heard)
    {
        var hub = new HubConnectionBuilder()
            .WithUrl(
                new Uri(address, LiveHub.Path),
                options => options.AccessTokenProvider = () => Task.FromResult<string?>(DashboardApp.ApiToken)
            )
            .Build();
        hub.On<LiveMessage>(
            nameof(ILiveClient.Changed),
            message =>
            {
                foreach (var change in message.Changes)
                {
                    heard.Enqueue(change);
                }
            }
        );
        await hub.StartAsync(Token);
        return hub;
    }
}
