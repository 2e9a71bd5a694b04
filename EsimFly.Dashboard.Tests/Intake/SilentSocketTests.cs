using System.Net;
using System.Net.Sockets;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Intake;

/// <summary>Connections that send nothing, and those of a listener of its own.</summary>
public sealed class SilentSocketTests
{
    [Fact]
    public async Task SilentSockets_ThreeThousandOfOneHost_KeepNoDeliveryOut()
    {
        await using var app = new DashboardApp();
        var silent = new List<Socket>();
        try
        {
            for (var i = 0; i < 3000; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
                silent.Add(socket);
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, app.Address.Port, TestContext.Current.CancellationToken);
                }
                catch (SocketException)
                {
                    // Closed at once: it is one too many of its host.
                }
            }

            for (var i = 0; i < 20; i++)
            {
                // A connection of its own each.
                using var client = new HttpClient { BaseAddress = app.Address, Timeout = TimeSpan.FromSeconds(4) };
                var body = Samples.With("2025-11/order.created", data => data["order_id"] = $"ORD-{i}");
                using var response = await client.SendAsync(Signing.Request(body), TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }
        finally
        {
            silent.ForEach(static socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task SilentSockets_HaveFifteenSeconds()
    {
        await using var app = new DashboardApp();

        Assert.True(app.Get<IOptions<KestrelServerOptions>>().Value.Limits.KeepAliveTimeout <= TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task WebhookAddress_OfItsOwn_HasTheWebhookAndTheHealthChecks_AndNothingElse()
    {
        using var folder = new TempFolder();
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using var app = new AppProcess(folder.Path, environment: [("Webhooks__Url", $"http://127.0.0.1:{port}")]);
        await app.BecomeReadyAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var token = TestContext.Current.CancellationToken;

        using var taken = await client.SendAsync(Signing.Sample("2025-11/order.created"), token);
        using var live = await client.GetAsync("/health/live", token);
        using var page = await client.GetAsync("/account/sign-in", token);
        using var readModel = await app.Client.GetAsync("/account/sign-in", token);

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal(HttpStatusCode.OK, readModel.StatusCode);
    }
}
