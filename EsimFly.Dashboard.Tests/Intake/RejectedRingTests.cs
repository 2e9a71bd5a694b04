using System.Text;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EsimFly.Dashboard.Tests.Intake;

public class RejectedRingTests
{
    [Theory]
    [InlineData(10, RejectedRing.MaxRows)]
    [InlineData(10_000, 110)]
    public async Task Add_MoreThanFit_KeepsTheLatestWithinBothBounds(int bodyBytes, int atMost)
    {
        await using var store = new TestStore();
        using var ring = new RejectedRing(
            store.Logs,
            store.Log,
            store.Sealer,
            new ChangeNotifier(TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ChangeNotifier>.Instance),
            TimeProvider.System,
            NullLogger<RejectedRing>.Instance
        );
        await ring.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 700; i++)
        {
            var request = new RejectedRequest(
                i,
                401,
                "signature_mismatch",
                "192.0.2.1",
                null,
                "{}",
                "X-eSIMfly-Signature: x",
                Encoding.UTF8.GetBytes($"\"{new string('x', bodyBytes)}\""),
                0
            );
            await Eventually.IsTrueAsync(() => ring.TryAdd(request), "the ring takes a request");
        }

        await ring.StopAsync(TestContext.Current.CancellationToken);

        await using var context = store.Logs.CreateDbContext();
        var rows = await context.Rejected.OrderByDescending(row => row.Id).ToListAsync(TestContext.Current.CancellationToken);
        Assert.InRange(rows.Count, 20, atMost);
        Assert.True(rows.Sum(row => row.Bytes) <= RejectedRing.MaxBytes);
        Assert.Equal(699, rows[0].ReceivedAtMs);
    }

    [Fact]
    public void Shares_OfAFloodOfNoise_LeaveWhatASecretMayHaveSigned()
    {
        var kept = new List<RingRow> { new(1, 900, "192.0.2.7", RefusedKind.PerhapsSigned), new(2, 900, "192.0.2.8", RefusedKind.Signed) };
        kept.AddRange(Enumerable.Range(3, 2000).Select(id => new RingRow(id, 16_000, $"2001:db8:{id % 200}::/64", RefusedKind.Noise)));

        var gone = RingShares.ToRemove(kept, RejectedRing.MaxRows, RejectedRing.MaxBytes).ToHashSet();

        Assert.DoesNotContain(1, gone);
        Assert.DoesNotContain(2, gone);
        Assert.True(kept.Where(row => !gone.Contains(row.Id)).Sum(row => row.Bytes) <= RejectedRing.MaxBytes);
    }

    [Fact]
    public void Shares_OfOneSenderAmongOthers_TakeItsOwnFirst()
    {
        var kept = new List<RingRow>();
        for (var id = 0; id < 600; id++)
        {
            kept.Add(new(id, 300, id % 60 == 0 ? "192.0.2.9" : "198.51.100.1", RefusedKind.PerhapsSigned));
        }

        var gone = RingShares.ToRemove(kept, RejectedRing.MaxRows, RejectedRing.MaxBytes).ToHashSet();

        Assert.Equal(100, gone.Count);
        Assert.All(kept.Where(row => gone.Contains(row.Id)), row => Assert.Equal("198.51.100.1", row.Sender));
    }

    [Fact]
    public async Task Add_SixteenLargeOnes_LeaveASmallOneThatCanBeVerified()
    {
        await using var app = new DashboardApp();
        var body = Samples.Read("2025-11/order.created");
        using var early = await app.Client.SendAsync(Signing.Request(body, secret: "whsec_of_later", id: "early"), Token);
        await using var context = app.OpenContext();
        await Eventually.IsTrueAsync(() => context.Rejected.AnyAsync(Token), "it is kept");
        var ring = app.Get<RejectedRing>();
        for (var i = 0; i < 64; i++)
        {
            var large = new RejectedRequest(
                i,
                401,
                "signature_mismatch",
                $"198.51.100.{i}",
                null,
                "{}",
                "X-eSIMfly-Signature: " + new string('0', 64),
                new byte[64 * 1024],
                0
            );
            await Eventually.IsTrueAsync(() => ring.TryAdd(large), "the ring takes a request");
        }

        await Eventually.IsTrueAsync(() => context.Rejected.AnyAsync(row => row.ReceivedAtMs == 63, Token), "the last is kept");
        Assert.True(await context.Rejected.AnyAsync(row => row.DeliveryId == "early" && row.SealedRequest != null, Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_TooManyEachSecond_AreCountedNotKept()
    {
        await using var store = new TestStore();
        using var ring = new RejectedRing(
            store.Logs,
            store.Log,
            store.Sealer,
            new ChangeNotifier(TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ChangeNotifier>.Instance),
            TimeProvider.System,
            NullLogger<RejectedRing>.Instance
        );
        using var log = new RejectedLog(ring, TimeProvider.System);
        var request = new DefaultHttpContext().Request;
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            log.Add(request, Refusal.SignatureMismatch, "192.0.2.1", default);
        }

        for (var i = 0; i < 100; i++)
        {
            log.Add(request, Refusal.SignatureMismatch, $"192.0.2.{i + 2}", default);
        }

        var windows = 1 + (int)TimeProvider.System.GetElapsedTime(started).TotalSeconds; // as a rule one
        await ring.StartAsync(TestContext.Current.CancellationToken);

        await using var context = store.Logs.CreateDbContext();
        await Eventually.IsTrueAsync(
            async () => await context.Rejected.SumAsync(row => 1 + row.Suppressed, TestContext.Current.CancellationToken) == 200,
            "ten a second, and one that has the count of the rest"
        );
        Assert.InRange(await context.Rejected.CountAsync(TestContext.Current.CancellationToken), 11, 11 * (windows + 1));

        // In the next second its address has its turn again: such a request is kept with its body, one that is only counted without.
        var added = 0;
        await Eventually.IsTrueAsync(
            async () =>
            {
                added++;
                log.Add(request, Refusal.SignatureMismatch, "192.0.2.1", "{}"u8.ToArray());
                return await context.Rejected.AnyAsync(row => row.SafeBody != null, TestContext.Current.CancellationToken);
            },
            "it is kept again"
        );
        await Eventually.IsTrueAsync(
            async () => await context.Rejected.SumAsync(row => 1 + row.Suppressed, TestContext.Current.CancellationToken) == 200 + added,
            "none is lost from the count"
        );
        await ring.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Log_OfTwoReasons_CountsEachByItself()
    {
        await using var store = new TestStore();
        using var ring = new RejectedRing(
            store.Logs,
            store.Log,
            store.Sealer,
            new ChangeNotifier(TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ChangeNotifier>.Instance),
            TimeProvider.System,
            NullLogger<RejectedRing>.Instance
        );
        var time = new FakeTimeProvider();
        using var log = new RejectedLog(ring, time);
        var request = new DefaultHttpContext().Request;
        for (var i = 0; i < 8; i++)
        {
            log.Add(request, Refusal.SignatureMismatch, "192.0.2.1", default);
        }

        for (var i = 0; i < 3; i++)
        {
            log.Add(request, Refusal.SignatureMissing, "192.0.2.1", default);
        }

        time.Advance(TimeSpan.FromSeconds(2));
        await ring.StartAsync(TestContext.Current.CancellationToken);

        await using var context = store.Logs.CreateDbContext();
        await Eventually.IsTrueAsync(
            async () => await context.Rejected.CountAsync(TestContext.Current.CancellationToken) == 3,
            "one that was kept, and one bearer of each reason"
        );
        await ring.StopAsync(TestContext.Current.CancellationToken);
        var rows = await context.Rejected.ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(8, rows.Where(row => row.Reason is "signature_mismatch").Sum(row => 1 + row.Suppressed));
        Assert.Equal(3, rows.Where(row => row.Reason is "signature_missing").Sum(row => 1 + row.Suppressed));
    }
}
