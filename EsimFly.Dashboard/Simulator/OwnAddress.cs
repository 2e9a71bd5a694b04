using EsimFly.Dashboard.Contract;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EsimFly.Dashboard.Simulator;

/// <summary>Where this application listens, seen from within: the one place that the Simulator sends to.</summary>
internal sealed class OwnAddress(IServer server)
{
    /// <summary>
    /// The webhook endpoint under one of the addresses that are listened on, plain HTTP before HTTPS; null before the start.
    /// </summary>
    public Uri? Webhook =>
        (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            .Select(static address => BindingAddress.Parse(address))
            .Where(static address => !address.IsUnixPipe && !address.IsNamedPipe)
            .OrderByDescending(static address => string.Equals(address.Scheme, Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase))
            .Select(static address => new UriBuilder(address.Scheme, HostOf(address.Host), address.Port, WebhookAddress.Path).Uri)
            .FirstOrDefault();

    // What listens on every interface is reached over the loopback.
    private static string HostOf(string host) => host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : host;
}
