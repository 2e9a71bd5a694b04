using System.Net;

namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>The address of the person or program that asks, be it by a request or through an open page.</summary>
internal sealed class CallerAddress(IHttpContextAccessor http)
{
    /// <summary>The address; null where the program acts by itself.</summary>
    public IPAddress? Current =>
        (
            CircuitConnection.Current?.Features.Get<Microsoft.AspNetCore.Http.Connections.Features.IHttpContextFeature>()?.HttpContext
            ?? http.HttpContext
        )
            ?.Connection
            .RemoteIpAddress
            is { } address
            ? address.IsIPv4MappedToIPv6
                ? address.MapToIPv4()
                : address
            : null;
}
