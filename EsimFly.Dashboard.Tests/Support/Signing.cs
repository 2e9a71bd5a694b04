using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The sender's side: signed requests of both contracts, made without the product's own code.</summary>
internal static class Signing
{
    public const string Secret = "whsec_test";

    public static string Hmac(string secret, ReadOnlySpan<byte> signed) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));

    /// <summary>A signed request as eSIMfly would send it.</summary>
    public static HttpRequestMessage Request(
        byte[] body,
        string contract = Samples.Older,
        string secret = Secret,
        string? id = null,
        string? eventName = null,
        byte[]? signed = null
    )
    {
        var signature = Hmac(secret, signed ?? body);
        var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/esimfly") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        id ??= Guid.NewGuid().ToString();
        if (string.Equals(contract, Samples.Newer, StringComparison.Ordinal))
        {
            request.Headers.Add("X-Webhook-Signature", "sha256=" + signature);
            request.Headers.Add("X-Webhook-Id", id);
        }
        else
        {
            request.Headers.Add("X-eSIMfly-Signature", signature);
            request.Headers.Add("X-eSIMfly-Delivery-ID", id);
        }

        if (eventName is not null)
        {
            request.Headers.Add(
                string.Equals(contract, Samples.Newer, StringComparison.Ordinal) ? "X-Webhook-Event" : "X-eSIMfly-Event",
                eventName
            );
        }

        return request;
    }

    /// <summary>A sample, signed under its own contract.</summary>
    public static HttpRequestMessage Sample(string name, string? id = null) =>
        Request(Samples.Read(name), Samples.ContractOf(name), id: id, eventName: Samples.EventOf(name));
}
