using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>
/// How requests to eSIMfly's API are signed: HMAC-SHA-256 in upper-case hex over time, request id, access code and body, one after the
/// other. Method, path and query are not signed. Source: eSIMfly's API reference, authentication.
/// </summary>
internal static class ApiSignature
{
    /// <summary>The access code.</summary>
    public const string AccessCodeHeader = "RT-AccessCode";

    /// <summary>A UUID of version 4, fresh for each request.</summary>
    public const string RequestIdHeader = "RT-RequestID";

    /// <summary>Milliseconds since the Unix epoch, as text.</summary>
    public const string TimestampHeader = "RT-Timestamp";

    /// <summary>The signature.</summary>
    public const string SignatureHeader = "RT-Signature";

    /// <summary>Signs a request.</summary>
    /// <param name="keys">The account's keys.</param>
    /// <param name="timestampMs">The present, Unix milliseconds.</param>
    /// <param name="requestId">The request's id.</param>
    /// <param name="body">The exact bytes sent; empty for GET.</param>
    public static string Of(ApiKeys keys, long timestampMs, string requestId, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(keys.SecretKey));
        hmac.AppendData(Encoding.UTF8.GetBytes(timestampMs.ToString(CultureInfo.InvariantCulture) + requestId + keys.AccessCode));
        hmac.AppendData(body);
        return Convert.ToHexString(hmac.GetHashAndReset());
    }
}

/// <summary>The keys of an eSIMfly account.</summary>
internal sealed record ApiKeys(string AccessCode, string SecretKey)
{
    /// <summary>The access code as people tell accounts apart.</summary>
    public string ShownCode => AccessCode.Length <= ShownLetters ? AccessCode : AccessCode[..ShownLetters] + "…";

    private const int ShownLetters = 8;

    /// <inheritdoc/>
    public override string ToString() => nameof(ApiKeys); // a record would print its members
}
