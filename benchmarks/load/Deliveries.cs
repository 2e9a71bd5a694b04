using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Load;

/// <summary>One delivery's content: its event and its body.</summary>
internal readonly record struct Content(string Event, string Body);

/// <summary>Deliveries of contract 2025-11. Their bodies are what JSON.stringify prints, so that every signed form fits.</summary>
internal static class Deliveries
{
    private const string InstantFormat = "yyyy-MM-ddTHH:mm:ssZ";

    private static readonly string[] Packages =
    [
        "USA 1GB - 7 Days",
        "Japan 12 GB 4 Days",
        "Europe 10GB - 30 Days",
        "Thailand 15GB - 8 Days",
    ];

    private static readonly string[] Errors = ["PROVIDER_ERROR", "PACKAGE_NOT_AVAILABLE", "INSUFFICIENT_BALANCE"];

    /// <summary>How long the plan of an order is valid.</summary>
    public static int DaysOf(long order) =>
        (order % 4) switch
        {
            0 => 7,
            1 => 15,
            2 => 30,
            _ => 60,
        };

    public static Content Completed(string prefix, long order, DateTimeOffset at) =>
        Of(
            "order.completed",
            at,
            $$"""'order_id':'ORD-{{prefix}}{{order}}','order_reference':'REF-{{prefix}}{{order}}','esims':[{'iccid':'{{Iccid(order)}}',"""
                + $$"""'qr_code':'LPA:1$rsp.example.com$M{{prefix}}{{order}}',"""
                + $$"""'activation_code':'LPA:1$rsp.example.com$M{{prefix}}{{order}}','status':'new'}]"""
        );

    public static Content Created(string prefix, long order, DateTimeOffset at) =>
        Of(
            "order.created",
            at,
            $$"""'order_id':'ORD-{{prefix}}{{order}}','order_reference':'REF-{{prefix}}{{order}}','package_code':'PKG-{{order % 4}}',"""
                + $$"""'package_name':'{{Package(order)}}','quantity':1,'amount':{{5 + (order % 20)}}.5,'status':'processing'"""
        );

    public static Content Failed(string prefix, long order, DateTimeOffset at) =>
        Of(
            "order.failed",
            at,
            $$"""'order_id':'ORD-{{prefix}}{{order}}','order_reference':'REF-{{prefix}}{{order}}','error_code':'{{Error(order)}}',"""
                + $$"""'error_message':'The order could not be placed','can_retry':{{(Error(order) == Errors[0] ? "true" : "false")}}"""
        );

    public static Content Activated(long order, DateTimeOffset at) =>
        Of(
            "esim.activated",
            at,
            $$"""'iccid':'{{Iccid(order)}}','package_name':'{{Package(order)}}','activated_at':'{{Instant(at)}}',"""
                + $$"""'expires_at':'{{Instant(at.AddDays(DaysOf(order)))}}'"""
        );

    public static Content ToppedUp(long order, DateTimeOffset at) =>
        Of(
            "topup.completed",
            at,
            $$"""'iccid':'{{Iccid(order)}}','package_code':'PKG-{{order % 4}}','package_name':'{{Package(order)}}','amount':8,"""
                + $$"""'new_expiry':'{{Instant(at.AddDays(DaysOf(order)))}}'"""
        );

    public static Content NotToppedUp(long order, DateTimeOffset at) =>
        Of(
            "topup.failed",
            at,
            $$"""'iccid':'{{Iccid(order)}}','package_code':'PKG-{{order % 4}}','error_code':'{{Error(order)}}',"""
                + "'error_message':'The eSIM cannot be topped up'"
        );

    public static Content Expired(long order, DateTimeOffset at) =>
        Of(
            "esim.expired",
            at,
            $$"""'iccid':'{{Iccid(order)}}','package_name':'{{Package(order)}}','data_used':0.85,'data_total':1,"""
                + $$"""'expired_at':'{{Instant(at)}}'"""
        );

    // The order's number makes each body unique.
    public static Content BalanceLow(long order, DateTimeOffset at) =>
        Of(
            "balance.low",
            at,
            $$"""'current_balance':{{5 + (order / 100 % 15)}}.5,'threshold':20,'message':'The balance is low, after order {{order}}'"""
        );

    // Written with ' for ", which is easier on the eye.
    private static Content Of(string name, DateTimeOffset at, string data) =>
        new(name, $$"""{'event':'{{name}}','timestamp':'{{Instant(at)}}','data':{""".Replace('\'', '"') + data.Replace('\'', '"') + "}}");

    private static string Package(long order) => Packages[order % Packages.Length];

    private static string Error(long order) => Errors[order % Errors.Length];

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);

    // 18 digits and the check digit of ISO/IEC 7812-1, as a real one has: a wrong one is flagged, and flags cost time.
    private static string Iccid(long order) =>
        string.Create(
            19,
            order,
            static (digits, order) =>
            {
                "894801".CopyTo(digits);
                order.TryFormat(digits[6..18], out _, "000000000000", CultureInfo.InvariantCulture);
                var sum = 0;
                for (var i = 0; i < 18; i++)
                {
                    var digit = digits[17 - i] - '0';
                    digit = i % 2 == 0 ? digit * 2 : digit;
                    sum += digit > 9 ? digit - 9 : digit;
                }

                digits[18] = (char)('0' + ((10 - (sum % 10)) % 10));
            }
        );
}

/// <summary>Writes whole signed HTTP requests, from any thread.</summary>
internal sealed class RequestWriter(string secret, string host)
{
    private readonly byte[] key = Encoding.UTF8.GetBytes(secret);

    /// <summary>Appends the request of a delivery.</summary>
    public void Write(Content content, IBufferWriter<byte> output)
    {
        Span<byte> body = stackalloc byte[2048];
        var length = Encoding.UTF8.GetBytes(content.Body, body);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, body[..length], hash);

        // The id need only be unique, and the body is: a part of its hash is.
        var id = new Guid(hash[..16]);
        var head =
            $"POST /webhooks/esimfly HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            + $"X-eSIMfly-Signature: {Convert.ToHexStringLower(hash)}\r\nX-eSIMfly-Event: {content.Event}\r\n"
            + $"X-eSIMfly-Delivery-ID: {id}\r\nContent-Length: {length}\r\n\r\n";
        var target = output.GetSpan(head.Length + length);
        Encoding.ASCII.GetBytes(head, target);
        body[..length].CopyTo(target[head.Length..]);
        output.Advance(head.Length + length);
    }
}
