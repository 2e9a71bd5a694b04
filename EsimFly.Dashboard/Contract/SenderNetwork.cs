using System.Net;
using System.Net.Sockets;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// Who counts as one sender where tries, connections and refused requests are limited: an IPv4 address, or the /64 of an IPv6 address,
/// which a single host has whole (RFC 6177).
/// </summary>
internal static class SenderNetwork
{
    /// <summary>The network that an address counts as, in text; the same text for no address at all.</summary>
    public static string Of(IPAddress? address) =>
        address switch
        {
            null => "unknown",
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => $"{First64(address)}/64",
            _ => address.ToString(),
        };

    private static IPAddress First64(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
