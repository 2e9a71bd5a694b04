using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>A delivery that was sent: the id, and the SHA-256 of the body by which it is looked for.</summary>
internal sealed record SentDelivery(string Id, string Hash);

/// <summary>
/// Sends one delivery after the other over one connection: the n-th 200 on that connection is the answer to its n-th delivery.
/// </summary>
internal sealed class Sender : IDisposable
{
    private const int LargestPadding = 180 * 1024;

    private static int number;

    private readonly HttpClient client;
    private readonly int oneInIsLarge;
    private int port;

    public Sender(Uri address, int oneInIsLarge)
    {
        this.oneInIsLarge = oneInIsLarge;
        client = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync, MaxConnectionsPerServer = 1 }) { BaseAddress = address };
    }

    /// <summary>Its end of the connection.</summary>
    public int Port => port;

    public ConcurrentQueue<SentDelivery> Sent { get; } = [];

    /// <summary>How many it has seen acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Sends while it is wanted and the application is there.</summary>
    public async Task SendAsync(Func<bool> isWanted, Action acknowledged)
    {
        while (isWanted())
        {
            var id = $"CUT-{Interlocked.Increment(ref number)}";
            var body = Body(id);
            Sent.Enqueue(new(id, Convert.ToHexString(SHA256.HashData(body))));
            try
            {
                using var response = await client.SendAsync(Signing.Request(body, id: id), TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
            catch (HttpRequestException)
            {
                return;
            }

            Acknowledged++;
            acknowledged();
        }
    }

    public void Dispose() => client.Dispose();

    private byte[] Body(string id) =>
        Samples.With(
            "2025-11/order.created",
            data =>
            {
                data["order_id"] = id;
                data["order_reference"] = $"R-{id}";
                if (RandomNumberGenerator.GetInt32(oneInIsLarge) == 0)
                {
                    data["note"] = RandomNumberGenerator.GetHexString(RandomNumberGenerator.GetInt32(LargestPadding));
                }
            }
        );

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (port != 0)
        {
            throw new IOException("The one connection is gone."); // as it is after a kill; another would mix up the count
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return new NetworkStream(socket, ownsSocket: true);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Acknowledged} of {Sent.Count} on port {port}");
}
