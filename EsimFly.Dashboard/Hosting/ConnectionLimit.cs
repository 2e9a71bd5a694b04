using System.Collections.Concurrent;
using System.Net;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Receiving;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Hosting;

/// <summary>
/// Bounds how many connections one sender holds, so that nobody takes all that the server has. A connection too many is closed before
/// anything is read from it.
/// </summary>
internal sealed class ConnectionLimit(IOptions<ServerOptions> server, IOptions<WebhooksOptions> webhooks)
{
    private readonly ConcurrentDictionary<string, int> open = new(StringComparer.Ordinal);

    private readonly IPNetwork[] proxies = [.. webhooks.Value.KnownProxies.Select(text => WebhooksOptions.ParseNetwork(text)!.Value)];

    /// <summary>Serves a connection, or closes it.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var address } || IsProxy(address))
        {
            await next(connection);
            return;
        }

        var sender = SenderNetwork.Of(address);
        try
        {
            if (open.AddOrUpdate(sender, 1, static (_, count) => count + 1) <= server.Value.MaxConnectionsPerSender)
            {
                await next(connection);
            }
            else
            {
                connection.Abort();
            }
        }
        finally
        {
            if (open.AddOrUpdate(sender, 0, static (_, count) => count - 1) <= 0)
            {
                open.TryRemove(new KeyValuePair<string, int>(sender, 0));
            }
        }
    }

    private bool IsProxy(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(proxies, network => network.Contains(plain));
    }
}
