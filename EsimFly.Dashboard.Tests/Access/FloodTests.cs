using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>The quick form of the flood: whatever comes beside them, signed deliveries are taken, and the disk stays as it is.</summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    private const int BadRequests = 3000;
    private const int GoodRequests = 60;

    [Fact]
    public async Task BadRequests_OfEveryKind_LeaveEveryValidDelivery200_AndTheDiskAsItWas()
    {
        await using var app = new DashboardApp([("Webhooks:MaxBodyBytes", "4096")]);
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        var before = await SizeAsync(app);
        var answers = new ConcurrentQueue<HttpStatusCode>();
        var isBusy = new ConcurrentBag<bool>();
        var times = new ConcurrentQueue<TimeSpan>();
        var done = false;

        var bad = Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(async worker =>
                {
                    for (var i = worker; i < BadRequests; i += 16)
                    {
                        using var response = await app.Client.SendAsync(Bad(i), TestContext.Current.CancellationToken);
                        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                        isBusy.Add(text.Contains("verifying_busy", StringComparison.Ordinal));
                        answers.Enqueue(response.StatusCode);
                    }
                })
        );
        var good = Task.Run(
            async () =>
            {
                for (var i = 0; i < GoodRequests || !Volatile.Read(ref done); i++)
                {
                    var started = Stopwatch.GetTimestamp();
                    await app.DeliverAsync(
                        Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = $"F-{i % GoodRequests}"))
                    ); // 200, or it fails
                    times.Enqueue(Stopwatch.GetElapsedTime(started));
                }
            },
            TestContext.Current.CancellationToken
        );
        await bad;
        Volatile.Write(ref done, true);
        await good;

        var sorted = times.Order().ToList();
        output.WriteLine(
            $"{sorted.Count} valid deliveries beside {BadRequests} bad requests: median {sorted[sorted.Count / 2].TotalMilliseconds:0} "
                + $"ms, p99 {sorted[(int)(sorted.Count * 0.99)].TotalMilliseconds:0} ms"
        );
        Assert.Equal(BadRequests, answers.Count);
        // 503 is for forgeries beyond the budget of their sender: how many there are depends on the machine.
        Assert.Equal(
            [
                HttpStatusCode.Unauthorized,
                HttpStatusCode.MethodNotAllowed,
                HttpStatusCode.RequestEntityTooLarge,
                HttpStatusCode.UnsupportedMediaType,
            ],
            answers.Distinct().Order().Where(static status => status is not HttpStatusCode.ServiceUnavailable)
        );
        Assert.Equal(isBusy.Count(static busy => busy), answers.Count(static status => status is HttpStatusCode.ServiceUnavailable));
        await using var context = app.OpenContext();
        Assert.InRange(await context.Rejected.CountAsync(TestContext.Current.CancellationToken), 1, RejectedRing.MaxRows);
        var grown = await SizeAsync(app) - before;
        Assert.True(grown < 2 * 1024 * 1024, $"The database grew by {grown} bytes.");
    }

    private static HttpRequestMessage Bad(int i)
    {
        var body = Samples.Read("2025-11/order.created");
        switch (i % 6)
        {
            case 0:
                return Signing.Request(body, secret: "wrong");
            case 1:
                var unsigned = Signing.Request(body);
                unsigned.Headers.Remove("X-eSIMfly-Signature");
                return unsigned;
            case 2:
                return Signing.Request(new byte[8192], secret: "wrong");
            case 3:
                var plain = Signing.Request(body);
                plain.Content!.Headers.ContentType = new("text/plain");
                return plain;
            case 4:
                return new HttpRequestMessage(HttpMethod.Get, "/webhooks/esimfly");
            default:
                var both = Signing.Request(body);
                both.Headers.Add("X-Webhook-Signature", "sha256=" + Signing.Hmac(Signing.Secret, body));
                return both;
        }
    }

    private static async Task<long> SizeAsync(DashboardApp app)
    {
        await using var context = app.OpenContext();
        return await context
            .Log.Database.SqlQueryRaw<long>("SELECT page_count * page_size AS Value FROM pragma_page_count(), pragma_page_size()")
            .SingleAsync(TestContext.Current.CancellationToken);
    }
}
