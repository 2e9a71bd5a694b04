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

public sealed class RejectedRingTests
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
