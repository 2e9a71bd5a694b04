using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Intake;

/// <summary>Each row of the endpoint's answers, over a real socket.</summary>
public class AnswersTests : IAsyncLifetime
{
    private readonly DashboardApp app = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Post_SignedButUnusable_Is200AndQuarantined()
    {
        foreach (
            var body in new[]
            {
                "not json",
                "{}",
                """{"event":"order.paused","data":{}}""",
                """{"event":"esim.activated","data":{"iccid":8901234567890123456}}""",
            }
        )
        {
            await app.DeliverAsync(Signing.Request(Encoding.UTF8.GetBytes(body)));
        }

        await app.SettleAsync();
        await using var context = app.OpenContext();
        var kept = await context.Deliveries.ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, kept.Count);
        Assert.All(kept, row => Assert.Equal(DeliveryState.Quarantined, row.State));
        Assert.All(kept, row => Assert.NotNull(row.Error));
    }

    [Fact]
    public async Task Post_LoneSurrogateInAKey_IsQuarantined()
    {
        await app.DeliverAsync(Signing.Request("""{"\uDFAA":0}"""u8.ToArray()));

        await app.SettleAsync();
        await using var context = app.OpenContext();
        Assert.Equal(DeliveryState.Quarantined, (await context.Deliveries.SingleAsync(TestContext.Current.CancellationToken)).State);
    }

    [Fact]
    public async Task Post_WithAByteOrderMark_IsApplied()
    {
        await app.DeliverAsync(Signing.Request([0xEF, 0xBB, 0xBF, .. Samples.Read("2025-11/order.created")]));

        await app.SettleAsync();
        await using var context = app.OpenContext();
        Assert.Single(await context.Orders.ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Post_BadSignatures_Are401AndInTheRejectedLogWithTheirReason()
    {
        var body = Samples.Read("2025-11/order.created");
        var cases = new (string Reason, Action<HttpRequestMessage> Break)[]
        {
            ("signature_missing", request => request.Headers.Remove("X-eSIMfly-Signature")),
            ("signature_malformed", request => Replace(request, "test_signature")),
            ("signature_malformed", request => Replace(request, "3f5b8c7a9e1d2f4b6c8a0e3d5f7b9c1a3e5d7f9b")),
            ("signature_malformed", request => Replace(request, "sha256=ab")),
            ("signature_malformed", request => Replace(request, "sha256=")),
            ("signature_mismatch", request => Replace(request, new string('0', 64))),
            (
                "signature_mismatch",
                request =>
                    request.Content = new ByteArrayContent([.. body, (byte)' ']) { Headers = { ContentType = new("application/json") } }
            ),
            ("signature_of_both_contracts", request => request.Headers.Add("X-Webhook-Signature", Signing.Hmac(Signing.Secret, body))),
            ("signature_given_twice", request => request.Headers.Add("X-eSIMfly-Signature", Signing.Hmac(Signing.Secret, body))),
        };
        foreach (var (reason, change) in cases)
        {
            var request = Signing.Request(body);
            change(request);
            using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(
                reason,
                (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken))
                    .GetProperty("code")
                    .GetString()
            );
        }

        await Eventually.IsTrueAsync(
            async () => await RejectedAsync() is ["signature_missing", ..],
            "the first refusal is in the rejected log"
        );
        await using var context = app.OpenContext();
        Assert.False(await context.Deliveries.AnyAsync(TestContext.Current.CancellationToken));

        static void Replace(HttpRequestMessage request, string value)
        {
            request.Headers.Remove("X-eSIMfly-Signature");
            request.Headers.TryAddWithoutValidation("X-eSIMfly-Signature", value);
        }
    }

    [Fact]
    public async Task Post_SignatureInTwoHeaderLines_Is401()
    {
        var body = Samples.Read("2025-11/order.created");
        var line = $"X-eSIMfly-Signature: {Signing.Hmac(Signing.Secret, body)}\r\n";
        using var http = new RawHttp(app.Address);

        await http.SendAsync(Head("POST", line + line + $"Content-Length: {body.Length}\r\n"));
        await http.SendAsync(body);

        Assert.Equal(401, (await http.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task Post_BodyAtAndOverTheLimit_IsTakenAndRefused()
    {
        var body = new byte[262144];
        body.AsSpan().Fill((byte)' ');
        Samples.Read("2025-11/order.created").CopyTo(body, 0);
        await app.DeliverAsync(Signing.Request(body));

        using var declared = await app.Client.SendAsync(Signing.Request([.. body, (byte)' ']), TestContext.Current.CancellationToken);
        var chunked = Signing.Request([.. body, (byte)' ']);
        chunked.Headers.TransferEncodingChunked = true;
        using var undeclared = await app.Client.SendAsync(chunked, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, declared.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, undeclared.StatusCode);
    }

    [Fact]
    public async Task Post_DeclaredTooLarge_IsRefusedBeforeTheBodyComes()
    {
        using var http = new RawHttp(app.Address);

        await http.SendAsync(Head("POST", "Content-Length: 999999999\r\n"));

        Assert.Equal(413, (await http.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task Post_Chunked_IsTaken()
    {
        var body = Samples.Read("2025-11/order.created");
        using var http = new RawHttp(app.Address);

        await http.SendAsync(Head("POST", $"Transfer-Encoding: chunked\r\nX-eSIMfly-Signature: {Signing.Hmac(Signing.Secret, body)}\r\n"));
        foreach (var piece in body.Chunk(50))
        {
            await http.SendAsync([.. Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), .. piece, .. "\r\n"u8]);
        }

        await http.SendAsync("0\r\n\r\n");

        Assert.Equal(200, (await http.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task Post_BrokenChunk_Is400NeverA500()
    {
        using var http = new RawHttp(app.Address);

        await http.SendAsync(Head("POST", "Transfer-Encoding: chunked\r\n") + "zz\r\nabc\r\n");

        Assert.Equal(400, (await http.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task Post_ShorterThanDeclared_IsNoDeliveryWhenTheSenderEnds()
    {
        var body = Samples.Read("2025-11/order.created");
        using var http = new RawHttp(app.Address);

        await http.SendAsync(
            Head("POST", $"Content-Length: {body.Length + 1}\r\nX-eSIMfly-Signature: {Signing.Hmac(Signing.Secret, body)}\r\n")
        );
        await http.SendAsync(body);
        http.EndSending();

        Assert.True(await http.IsClosedAsync());
        await using var context = app.OpenContext();
        Assert.False(await context.Deliveries.AnyAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Post_LongerThanDeclared_IsA401ForWhatWasDeclared()
    {
        var body = Samples.Read("2025-11/order.created");
        using var http = new RawHttp(app.Address);

        await http.SendAsync(
            Head("POST", $"Content-Length: {body.Length - 1}\r\nX-eSIMfly-Signature: {Signing.Hmac(Signing.Secret, body)}\r\n")
        );
        await http.SendAsync(body);

        Assert.Equal(401, (await http.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task Post_JsonStringifyForm_IsTakenAndTheFormRecorded()
    {
        var body = Samples.Read("2025-11/order.created");
        await app.DeliverAsync(
            Signing.Request(
                body,
                signed: Encoding.UTF8.GetBytes(
                    """
                    {"event":"order.created","timestamp":"2025-01-16T10:30:00Z","data":{"order_id":"ORD-123456",
                    "order_reference":"REF-ABC-123","package_code":"US-1GB-7D","package_name":"USA 1GB - 7 Days",
                    "quantity":1,"amount":5.5,"status":"processing"}}
                    """.ReplaceLineEndings("")
                )
            )
        );

        await app.SettleAsync();
        await using var context = app.OpenContext();
        Assert.Equal(
            EsimFly.Dashboard.Contract.SignedForm.JsonStringify,
            (await context.Deliveries.SingleAsync(TestContext.Current.CancellationToken)).SignedForm
        );
    }

    [Fact]
    public async Task Post_ReformattedAroundTheSameSignedBytes_IsTheSameDelivery()
    {
        var signed = Encoding.UTF8.GetBytes("""{"event":"order.created","timestamp":"2025-01-16T10:30:00Z","data":{"order_id":"ORD-1"}}""");
        await app.DeliverAsync(Signing.Request(signed));
        var reformatted =
            """  { "event" : "order.created", "timestamp":"2025-01-16T10:30:00Z","data":{"order_id":"forged","order_id":"ORD-1"}} """u8;
        await app.DeliverAsync(Signing.Request(reformatted.ToArray(), signed: signed));

        await app.SettleAsync();
        await using var context = app.OpenContext();
        Assert.Equal(2, (await context.Deliveries.SingleAsync(TestContext.Current.CancellationToken)).Arrivals);
    }

    [Fact]
    public async Task Post_HeaderAndBodyDisagree_TheBodyDecidesAndItIsFlagged()
    {
        await app.DeliverAsync(Signing.Request(Samples.Read("2025-11/order.created"), eventName: "order.failed"));
        await app.SettleAsync();

        await using var context = app.OpenContext();
        var delivery = await context.Deliveries.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal("order.created", delivery.EventName);
        Assert.True(delivery.Flags.HasFlag(DeliveryFlags.HeaderDisagrees));
        Assert.Equal(OrderStatus.Processing, (await context.Orders.SingleAsync(TestContext.Current.CancellationToken)).Status);
    }

    private static string Head(string method, string headers) =>
        $"{method} /webhooks/esimfly HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}\r\n";

    private async Task<List<string>> RejectedAsync()
    {
        await using var context = app.OpenContext();
        return await context.Rejected.OrderBy(row => row.Id).Select(row => row.Reason).ToListAsync(TestContext.Current.CancellationToken);
    }
}
