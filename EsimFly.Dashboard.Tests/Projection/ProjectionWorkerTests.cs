using System.Diagnostics.Metrics;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Projection;

public class ProjectionWorkerTests
{
    private static readonly byte[] Unreadable = [0];

    [Fact]
    public async Task Fold_APoisonDelivery_IsDeadAfterFiveTriesAndHoldsUpNoOther()
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        await app.Get<LogWriter>()
            .WriteAsync(
                transaction => transaction.Execute("""UPDATE "Log" SET "Sealed" = @p0""", Unreadable),
                TestContext.Current.CancellationToken
            );
        await app.Get<ReadModelWriter>()
            .WriteAsync(
                transaction => transaction.Execute("""UPDATE "Deliveries" SET "State" = 2, "Tries" = 3, "NextTryAtMs" = 0"""),
                TestContext.Current.CancellationToken
            );
        app.Get<ReadModelBuilder>().RetryAt(0);

        await app.DeliverAsync(Signing.Sample("2025-11/order.failed"));
        await Eventually.IsTrueAsync(async () => await StateAsync(app, 2) == DeliveryState.Processed, "the other one is folded");
        await Eventually.IsTrueAsync(async () => (await FindAsync(app, 1)).Tries == 4, "the poison is tried");
        Assert.Equal(DeliveryState.Failed, await StateAsync(app, 1));

        await app.Get<ReadModelWriter>()
            .WriteAsync(
                transaction => transaction.Execute("""UPDATE "Deliveries" SET "NextTryAtMs" = 0 WHERE "Seq" = 1"""),
                TestContext.Current.CancellationToken
            );
        app.Get<ReadModelBuilder>().RetryAt(0);
        await Eventually.IsTrueAsync(async () => await StateAsync(app, 1) == DeliveryState.Dead, "the poison is dead after its fifth try");
        var dead = await FindAsync(app, 1);
        Assert.Equal(5, dead.Tries);
        Assert.NotNull(dead.Error);
    }

    [Fact]
    public async Task Fold_AnEntryThatCannotBeOpened_IsShownAndTheOthersOfItsBatchAreFolded()
    {
        using var folder = new TempFolder();
        await using (var first = new DashboardApp(folder: folder.Path))
        {
            await first.DeliverAsync(Signing.Sample("2025-11/order.created"));
            await first.DeliverAsync(Signing.Sample("2025-11/esim.activated"));
            await first.DeliverAsync(Signing.Sample("2025-11/order.failed"));
            await first.SettleAsync();
            await first
                .Get<LogWriter>()
                .WriteAsync(
                    transaction => transaction.Execute("""UPDATE "Log" SET "Sealed" = @p0 WHERE "Seq" = 2""", Unreadable),
                    CancellationToken.None
                );
        }

        StoreLoss.OfReadModel(folder.Path);
        await using var second = new DashboardApp(folder: folder.Path);
        await second.SettleAsync();

        Assert.Equal(DeliveryState.Processed, await StateAsync(second, 1));
        Assert.Equal(DeliveryState.Failed, await StateAsync(second, 2));
        Assert.Equal(DeliveryState.Processed, await StateAsync(second, 3));
    }

    [Fact]
    public async Task Requeue_AQuarantinedDelivery_IsTriedAgainAndNothingElseIs()
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Request("{}"u8.ToArray()));
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        var retries = app.Get<ProjectionRetries>();

        Assert.True(await retries.RequeueAsync(1, TestContext.Current.CancellationToken));
        Assert.False(await retries.RequeueAsync(2, TestContext.Current.CancellationToken));
        Assert.False(await retries.RequeueAsync(99, TestContext.Current.CancellationToken));
        await Eventually.IsTrueAsync(async () => await StateAsync(app, 1) == DeliveryState.Quarantined, "it is quarantined again");
        await using var readModel = app.OpenReadModel();
        var before = await readModel.FailedTries.SingleAsync(TestContext.Current.CancellationToken); // the first try is not overwritten
        Assert.Equal((1L, "The body names no event."), (before.DeliverySeq, before.Error));
    }

    [Fact]
    public async Task Codes_OfAnOrder_AreSealedInTheLogAndNowhereInTheClear()
    {
        const string Canary = "CANARY-55Q2-1Z";
        await using var app = new DashboardApp();
        var body = Samples.With(
            "2025-11/order.completed",
            data => data["esims"]![0]!["activation_code"] = $"LPA:1$rsp.example.com${Canary}"
        );
        await app.DeliverAsync(Signing.Request(body));
        using var refused = await app.Client.SendAsync(Signing.Request(body, secret: "wrong"), TestContext.Current.CancellationToken);
        await app.SettleAsync();
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = app.OpenContext();
                return await context.Rejected.AnyAsync(TestContext.Current.CancellationToken);
            },
            "the refused request is in the rejected log"
        );

        await using (var context = app.OpenContext())
        {
            Assert.NotNull((await context.Esims.SingleAsync(TestContext.Current.CancellationToken)).CodesFrom);
            Assert.True((await context.EventEsims.SingleAsync(TestContext.Current.CancellationToken)).HasCodes);
        }

        foreach (var file in Directory.GetFiles(app.Folder, "*.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, TestContext.Current.CancellationToken);
            Assert.Equal(-1, content.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Canary)));
        }
    }

    [Fact]
    public async Task Meters_OfADelivery_AreCounted()
    {
        await using var app = new DashboardApp();
        var own = app.Get<IMeterFactory>();
        using var listener = new MeterListener();
        var heard = new System.Collections.Concurrent.ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        listener.InstrumentPublished = (instrument, listening) =>
        {
            // Other tests run applications of their own in this process.
            if (
                string.Equals(instrument.Meter.Name, "EsimFly.Dashboard", StringComparison.Ordinal)
                && ReferenceEquals(instrument.Meter.Scope, own)
            )
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, _, tags, _) => heard.AddOrUpdate($"{instrument.Name} {tags[0].Value}", 1, (_, count) => count + 1)
        );
        listener.SetMeasurementEventCallback<double>(
            (instrument, _, _, _) => heard.AddOrUpdate(instrument.Name, 1, (_, count) => count + 1)
        );
        listener.Start();

        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        using var refused = await app.Client.SendAsync(
            Signing.Request("{}"u8.ToArray(), secret: "wrong"),
            TestContext.Current.CancellationToken
        );
        await app.SettleAsync();

        foreach (
            var name in new[]
            {
                "esimfly.webhook.deliveries stored",
                "esimfly.webhook.deliveries duplicate",
                "esimfly.webhook.deliveries signature_mismatch",
                "esimfly.projection.deliveries processed",
                "esimfly.log.commit.duration",
                "esimfly.projection.lag",
                "esimfly.projection.duration",
            }
        )
        {
            await Eventually.IsTrueAsync(() => heard.ContainsKey(name), name);
        }
    }

    private static async Task<DeliveryEntity> FindAsync(DashboardApp app, long seq)
    {
        await using var context = app.OpenContext();
        return await context.Deliveries.AsNoTracking().SingleAsync(row => row.Seq == seq, TestContext.Current.CancellationToken);
    }

    /// <summary>A delivery's state in the read model; null while it waits, for it has no row there before it is folded.</summary>
    private static async Task<DeliveryState?> StateAsync(DashboardApp app, long seq)
    {
        await using var context = app.OpenContext();
        return await context
            .Deliveries.Where(row => row.Seq == seq)
            .Select(row => (DeliveryState?)row.State)
            .SingleOrDefaultAsync(TestContext.Current.CancellationToken);
    }
}
