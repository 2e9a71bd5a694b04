using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EsimFly.Dashboard.Tests.Desk.Settings;

/// <summary>Backups that can be started from, and bodies that are not kept permanently.</summary>
public sealed class DataTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_IsWhole_AndADeskStartsFromIt()
    {
        using var restored = new TempFolder();
        await using (var app = new DashboardApp())
        {
            await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
            await app.SettleAsync();

            var made = await app.Get<DataActions>().BackUpAsync(await app.JoinAsync(AccountRole.Admin), Token);

            Assert.Equal(made, Assert.Single(app.Get<Backups>().List()));
            var paths = app.Get<StoragePaths>();
            File.Copy(Path.Combine(paths.Backups, made.Name), Path.Combine(restored.Path, Path.GetFileName(paths.Log)));
            Directory.CreateDirectory(Path.Combine(restored.Path, "keys"));
            foreach (var key in Directory.GetFiles(paths.Keys))
            {
                File.Copy(key, Path.Combine(restored.Path, "keys", Path.GetFileName(key)));
            }
        }

        await using var again = new DashboardApp(folder: restored.Path); // the desk is not in the backup: it is derived
        await again.SettleAsync();
        var (code, _) = await again
            .Get<CodeReveal>()
            .RevealAsync(await again.JoinAsync(AccountRole.Admin), "8901234567890123456", isTest: false, Token);
        Assert.NotNull(code);
        await using var context = again.OpenContext();
        Assert.Equal(1, await context.Orders.CountAsync(Token));
    }

    [Fact]
    public async Task Backup_Cancelled_LeavesNothing_AndOnlyTheLatestSevenAreKept()
    {
        await using var app = new DashboardApp();
        var backups = app.Get<Backups>();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => backups.MakeAsync(cancelled.Token));
        Assert.Empty(Directory.GetFiles(app.Get<StoragePaths>().Backups));

        for (var i = 0; i < Backups.Kept + 2; i++)
        {
            await backups.MakeAsync(Token);
        }

        Assert.Equal(Backups.Kept, backups.List().Count);
        Assert.Equal(Backups.Kept, Directory.GetFiles(app.Get<StoragePaths>().Backups).Length);
    }

    [Fact]
    public async Task DataKey_Rotated_SealsWithTheNewOne_AndWhatWasSealedBeforeStaysReadable()
    {
        using var folder = new TempFolder();
        await using (var app = new DashboardApp(folder: folder.Path))
        {
            var admin = await app.JoinAsync(AccountRole.Admin);
            await app.DeliverAsync(Signing.Sample("2025-11/order.created"));

            Assert.Equal(2, await app.Get<DataActions>().RotateKeyAsync(admin, Token));
            await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
            await app.SettleAsync();
        }

        await using var again = new DashboardApp(folder: folder.Path);
        await using var log = again.OpenLog();
        var sealedBy = await log.Log.OrderBy(row => row.Seq).Select(row => row.Sealed).ToListAsync(Token);
        Assert.Equal([1, 2], sealedBy.Select(value => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(1))));
        Assert.Empty((await again.Get<Rebuild>().RunAsync(apply: false, progress: null, Token)).Differences);
        var entries = again.Get<LogEntries>();
        Assert.Contains("order.created", (await entries.FindAsync(1, Token))!.SafeBody(), StringComparison.Ordinal);
        Assert.Contains("order.completed", (await entries.FindAsync(2, Token))!.SafeBody(), StringComparison.Ordinal);

        // A seal is bound to its row: it does not open in the place of another.
        await again
            .Get<LogWriter>()
            .WriteAsync(
                static transaction =>
                    transaction.Execute("""UPDATE "Log" SET "Sealed" = (SELECT "Sealed" FROM "Log" WHERE "Seq" = 1) WHERE "Seq" = 2"""),
                Token
            );
        var moved = await entries.FindAsync(2, Token);
        Assert.True(moved!.IsUnreadable);
        Assert.Null(moved.SafeBody());
    }

    [Fact]
    public async Task Retention_ReplacesOldBodiesByTheirEvents_AndARebuildStillAgrees()
    {
        var clock = new ShiftedClock();
        await using var app = new DashboardApp(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        var admin = await app.JoinAsync(AccountRole.Admin);
        clock.Shift(TimeSpan.FromDays(-30));
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.DeliverAsync(Signing.Request("""{"event":"esim.suspended","data":{}}"""u8.ToArray()));
        await app.SettleAsync();
        clock.Shift(TimeSpan.Zero);
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.SettleAsync();
        var worker = app.Get<RetentionWorker>();
        Assert.Equal(0, await worker.RunAsync(Token));

        Assert.NotNull(await app.Get<DataActions>().SetRetentionAsync(admin, new() { BodyDays = 1 }, Token));
        Assert.Null(await app.Get<DataActions>().SetRetentionAsync(admin, new() { BodyDays = 20 }, Token));
        Assert.Equal(1, await worker.RunAsync(Token));
        Assert.Equal(0, await worker.RunAsync(Token));

        var queries = app.Get<DeliveryQueries>();
        Assert.False(await IsKept(1)); // processed and old
        Assert.True(await IsKept(2)); // old, and could not be used
        Assert.True(await IsKept(3)); // of today
        Assert.Empty((await app.Get<Rebuild>().RunAsync(apply: false, progress: null, Token)).Differences);

        async Task<bool> IsKept(long seq) =>
            (await queries.FindAsync(await app.JoinAsync(AccountRole.Viewer), seq, Token))!.Delivery.IsBodyKept;
    }

    // Ordinary deliveries. Updated in place, their rows became smaller and not one page free.
    [Fact]
    public async Task Retention_FreesTheRoomOfTheBodies_ForThoseThatCome()
    {
        const int Many = 4000;
        var clock = new ShiftedClock();
        await using var app = new DashboardApp(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        await app.Get<DataActions>().SetRetentionAsync(await app.JoinAsync(AccountRole.Admin), new() { BodyDays = 20 }, Token);
        var empty = InUse(app);
        clock.Shift(TimeSpan.FromDays(-30));
        await DeliverManyAsync(app, from: 0, Many);
        var full = InUse(app);
        clock.Shift(TimeSpan.Zero);

        Assert.Equal(Many, await app.Get<RetentionWorker>().RunAsync(Token));
        var kept = InUse(app);
        await DeliverManyAsync(app, from: Many, Many);
        var again = InUse(app);

        var ofBodies = full.Used - empty.Used;
        Assert.True(kept.Free >= ofBodies / 2, $"{kept.Free} of {ofBodies} pages are free");
        Assert.Equal(0, again.Free); // and those that came next are in them
        Assert.True(again.Used - full.Used < ofBodies / 2, $"{again.Used - full.Used} pages more for as many that took {ofBodies}");
    }

    private static async Task DeliverManyAsync(DashboardApp app, int from, int count)
    {
        var sample = System.Text.Encoding.UTF8.GetString(Samples.Read("2025-11/order.completed"));
        await Parallel.ForEachAsync(
            Enumerable.Range(from, count),
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Token },
            async (number, _) =>
            {
                var body = sample
                    .Replace("8901234567890123456", $"8901{number:000000000000000}", StringComparison.Ordinal)
                    .Replace("ORD-", $"ORD-{number}-", StringComparison.Ordinal);
                using var request = Signing.Request(System.Text.Encoding.UTF8.GetBytes(body), eventName: "order.completed");
                request.Headers.Add("User-Agent", "eSIMfly-Webhooks/1.0");
                request.Headers.Add("Accept", "application/json, text/plain, */*");
                await app.DeliverAsync(request);
            }
        );
        await app.SettleAsync();
    }

    // Pages of the log's file with something in them, and all.
    private static (long Used, long Free) InUse(DashboardApp app)
    {
        using var context = app.OpenLog();
        var pages = context.Database.SqlQueryRaw<long>("SELECT page_count AS \"Value\" FROM pragma_page_count()").AsEnumerable().Single();
        var free = context
            .Database.SqlQueryRaw<long>("SELECT freelist_count AS \"Value\" FROM pragma_freelist_count()")
            .AsEnumerable()
            .Single();
        return (pages - free, free);
    }
}
