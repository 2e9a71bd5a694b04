using System.Security.Cryptography;
using System.Text;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// What tells that a request which does not verify is the Simulator's own, so that what it sends wrong on purpose counts among
/// the tests: an HMAC-SHA256 with the test secret over the delivery id and the body as it is sent. It lets nothing in.
/// </summary>
internal static class SimulatorProof
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "X-Desk-Simulator-Proof";

    /// <summary>The proof, in hexadecimal.</summary>
    public static string Of(ReadOnlySpan<byte> key, string? deliveryId, ReadOnlySpan<byte> body) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(key, [.. Encoding.UTF8.GetBytes($"simulator:{deliveryId}:"), .. SHA256.HashData(body)])
        );

    /// <summary>Whether a request carries the proof of that key.</summary>
    public static bool IsOf(string? proof, ReadOnlySpan<byte> key, string? deliveryId, ReadOnlySpan<byte> body) =>
        proof is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(proof), Encoding.ASCII.GetBytes(Of(key, deliveryId, body)));
}
