using System.Net;
using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Intake;

public class DeliveryLogTests : IAsyncLifetime
{
    private readonly DashboardApp app = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Append_SixtyFourAtOnceOfOneDelivery_AreOneDeliveryAndSixtyFourArrivals()
    {
        var id = Guid.NewGuid().ToString();

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => app.DeliverAsync(Signing.Sample("2025-11/order.created", id))));
        await app.SettleAsync();

        await using var context = app.OpenContext();
        var delivery = await context.Deliveries.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((64, DeliveryFlags.None), (delivery.Arrivals, delivery.Flags));
        Assert.Equal(64, await context.Arrivals.CountAsync(row => row.Status == 200, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Append_SameBytesUnderAnotherId_IsAppliedOnceAndFlaggedReplayed()
    {
        await app.DeliverAsync(Signing.Sample("2025-11/topup.completed", "one"));
        await app.DeliverAsync(Signing.Sample("2025-11/topup.completed", "two"));
        await app.SettleAsync();

        await using var context = app.OpenContext();
        Assert.Equal(
            DeliveryFlags.Replayed,
            (await context.Deliveries.SingleAsync(TestContext.Current.CancellationToken)).Flags & DeliveryFlags.Replayed
        );
        Assert.Single(await context.TopUps.ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            ["one", "two"],
            await context.Arrivals.OrderBy(row => row.Id).Select(row => row.DeliveryId).ToListAsync(TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Append_OtherBytesUnderAKnownId_IsANewDeliveryAndFlagged()
    {
        await app.DeliverAsync(Signing.Sample("2025-11/order.created", "same"));
        await app.DeliverAsync(Signing.Sample("2025-11/order.failed", "same"));
        await app.SettleAsync();

        await using var context = app.OpenContext();
        var flags = await context
            .Deliveries.OrderBy(row => row.Seq)
            .Select(row => row.Flags & DeliveryFlags.IdReused)
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([DeliveryFlags.None, DeliveryFlags.IdReused], flags);
    }

    [Fact]
    public async Task Append_Answered_NotesHowLongTheAnswerTook()
    {
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));

        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = app.OpenContext();
                return await context.Arrivals.AnyAsync(row => row.DurationUs > 0, TestContext.Current.CancellationToken);
            },
            "the arrival has its duration"
        );
    }

    [Fact]
    public async Task Append_TheGateIsHeld_Is503WithinFourSecondsAndKeptOnceItOpens()
    {
        using var release = new ManualResetEventSlim();
        var holding = await HoldGateAsync(app, release);

        using var response = await app.Client.SendAsync(Signing.Sample("2025-11/order.created"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);

        release.Set();
        await holding;
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = app.OpenReadModel();
                return await context.Arrivals.AnyAsync(row => row.Status == 503, TestContext.Current.CancellationToken);
            },
            "the late delivery is kept, with the answer that it got"
        );
    }

    [Fact]
    public async Task Append_LockedByAnotherProcess_Is503AndRecovers()
    {
        await using (await StoreLoss.LockLogAsync(app))
        {
            using var response = await app.Client.SendAsync(Signing.Sample("2025-11/order.created"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }

        await Eventually.IsTrueAsync(
            async () =>
                (
                    await app.Client.SendAsync(Signing.Sample("2025-11/order.created"), TestContext.Current.CancellationToken)
                ).IsSuccessStatusCode,
            "deliveries are taken again"
        );
    }

    [Fact]
    public async Task QueueFull_Is503()
    {
        await using var small = new DashboardApp([("Intake:QueueCapacity", "1")]);
        using var release = new ManualResetEventSlim();
        var holding = await HoldGateAsync(small, release);
        var posts = Enumerable
            .Range(0, 8)
            .Select(i =>
                small.Client.SendAsync(
                    Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = $"O{i}")),
                    TestContext.Current.CancellationToken
                )
            )
            .ToList();

        using var first = await await Task.WhenAny(posts);
        var problem = await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        release.Set();
        await holding;
        await Task.WhenAll(posts);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Contains("queue_full", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_TheSameWithoutEnd_IsCountedButGrowsTheDiskNoMore()
    {
        await Parallel.ForAsync(
            0,
            260,
            TestContext.Current.CancellationToken,
            async (_, _) => await app.DeliverAsync(Signing.Sample("2025-11/order.created"))
        );
        await app.SettleAsync();

        await using var context = app.OpenContext();
        await Eventually.IsTrueAsync(
            async () => (await context.Deliveries.AsNoTracking().SingleAsync(TestContext.Current.CancellationToken)).Arrivals == 260,
            "all of them are counted"
        );
        Assert.Equal(1 + LogSql.MostRepeats, await context.Arrivals.CountAsync(TestContext.Current.CancellationToken));
        var entries = await context.Log.Log.AsNoTracking().OrderBy(row => row.Seq).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1 + LogSql.MostRepeats, entries.Count);
        Assert.All(entries.Skip(1), entry => Assert.Equal((LogEntryKind.Repeat, 1L), (entry.Kind, entry.FirstSeq)));
        Assert.Equal(
            260 - 1 - LogSql.MostRepeats,
            (await context.Log.RepeatCounts.SingleAsync(TestContext.Current.CancellationToken)).Count
        );
    }

    [Fact]
    public async Task Append_ReplayedWithoutAnId_IsFlaggedTooAndARetryIsNot()
    {
        await app.DeliverAsync(Signing.Sample("2025-11/order.created", "one"));
        await app.DeliverAsync(Signing.Sample("2025-11/order.created", "one"));
        await app.SettleAsync();
        await using var context = app.OpenContext();
        Assert.Equal(
            DeliveryFlags.None,
            (await context.Deliveries.AsNoTracking().SingleAsync(TestContext.Current.CancellationToken)).Flags & DeliveryFlags.Replayed
        );

        var bare = Signing.Sample("2025-11/order.created");
        bare.Headers.Remove("X-eSIMfly-Delivery-ID");
        await app.DeliverAsync(bare);
        await app.SettleAsync();

        Assert.Equal(
            DeliveryFlags.Replayed,
            (await context.Deliveries.AsNoTracking().SingleAsync(TestContext.Current.CancellationToken)).Flags & DeliveryFlags.Replayed
        );
    }

    // Returns once the gate is held, with the task that ends after its release.
    private static async Task<Task> HoldGateAsync(DashboardApp app, ManualResetEventSlim release)
    {
        var isHeld = new TaskCompletionSource();
        var holding = Task.Run(
            () =>
                app.Get<LogWriter>()
                    .WriteAsync(
                        _ =>
                        {
                            isHeld.SetResult();
                            release.Wait(TimeSpan.FromSeconds(30));
                        },
                        CancellationToken.None
                    ),
            TestContext.Current.CancellationToken
        );
        await isHeld.Task;
        return holding;
    }
}
