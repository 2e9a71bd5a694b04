using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EsimFly.Dashboard.Tests.Integration;

/// <summary>
/// The read model can be lost at any time, and comes back whole from the log; what was measured is carried over where it can be.
/// </summary>
public sealed class ReadModelLossTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Desk_DeletedUnderARunningInstallation_ComesBackWhole()
    {
        await using var app = new DashboardApp();
        await Scene.PlayAsync(app);
        var before = await ProjectionBench.RowsAsync(app.OpenReadModel);
        var deliveries = await CountAsync(app);

        SqliteReadModelDatabase.Delete(Path.Combine(app.Folder, "read-model.db"));
        await app.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = "ORD-MEANWHILE")));
        await Eventually.IsTrueAsync(() => File.Exists(Path.Combine(app.Folder, "read-model.db")), "it is made again");
        await app.SettleAsync();

        Assert.Equal(deliveries + 1, await CountAsync(app));
        var after = await ProjectionBench.RowsAsync(app.OpenReadModel);
        Assert.Equal(before, string.Join('\n', after.Split('\n').Where(row => !row.Contains("ORD-MEANWHILE", StringComparison.Ordinal))));
        Assert.Empty((await app.Get<Rebuild>().RunAsync(apply: false, progress: null, Token)).Differences);
    }

    // As while a rebuilt read model is put in place: the old file is gone, and the new one not there yet.
    [Fact]
    public async Task Desk_ThatIsAwayForAMoment_IsNotTakenForLost()
    {
        var heard = new HeardLog();
        await using var app = new DashboardApp(services: all => all.AddSingleton<ILoggerProvider>(heard));
        await Scene.PlayAsync(app);
        var deliveries = await CountAsync(app);
        var file = Path.Combine(app.Folder, "read-model.db");
        var looked = Task.CompletedTask;

        await app.Get<ReadModelWriter>()
            .WhileClosedAsync(
                () =>
                {
                    File.Move(file, file + ".away");
                    looked = app.Get<ReadModelBuilder>().EnsureAsync(static () => { }, Token);
                    File.Move(file + ".away", file);
                },
                Token
            );
        await looked;

        Assert.DoesNotContain(heard.Lines, static line => line.Contains("rebuilt", StringComparison.Ordinal));
        Assert.Null(app.Get<ReadModelState>().Building);
        Assert.Equal(deliveries, await CountAsync(app));
    }

    [Fact]
    public async Task Start_WithoutADelivery_StillTiesTheDeskToThisRun()
    {
        using var folder = new TempFolder();
        await using (var first = new DashboardApp(folder: folder.Path))
        {
            await Scene.PlayAsync(first);
        }

        await using var second = new DashboardApp(folder: folder.Path);
        await using var readModel = second.OpenReadModel();

        Assert.Equal(second.Get<ReadModelState>().Epoch, (await readModel.Set<PositionEntity>().SingleAsync(Token)).Epoch);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("of another version")]
    [InlineData("damaged")]
    [InlineData("emptied")]
    public async Task Desk_LostUnderAStoppedInstallation_ComesBackWhole(string how)
    {
        using var folder = new TempFolder();
        string before;
        await using (var first = new DashboardApp(folder: folder.Path))
        {
            await Scene.PlayAsync(first);
            before = await ProjectionBench.RowsAsync(first.OpenReadModel);
        }

        var file = Path.Combine(folder.Path, "read-model.db");
        switch (how)
        {
            case "deleted":
                SqliteReadModelDatabase.Delete(file);
                break;
            case "of another version":
                await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
                {
                    await connection.OpenAsync(Token);
                    await using var command = connection.CreateCommand();
                    command.CommandText = "PRAGMA user_version = 12345";
                    await command.ExecuteNonQueryAsync(Token);
                }

                break;
            case "damaged":
                SqliteReadModelDatabase.Delete(file);
                await File.WriteAllTextAsync(file, new string('x', 10_000), Token);
                break;
            default:
                SqliteReadModelDatabase.Delete(file);
                await File.WriteAllBytesAsync(file, [], Token);
                break;
        }

        await using var second = new DashboardApp(folder: folder.Path);
        await second.SettleAsync();

        Assert.Equal(before, await ProjectionBench.RowsAsync(second.OpenReadModel));
        await using var readModel = second.OpenReadModel();
        Assert.Equal(
            how is "of another version",
            await readModel.Deliveries.AnyAsync(row => row.State == DeliveryState.Processed && row.ProcessedAtMs != null, Token)
        );
        Assert.Equal(how is "of another version", await readModel.Arrivals.AnyAsync(row => row.DurationUs != null, Token));
        Assert.False(File.Exists(SqliteReadModelDatabase.PreviousFile(Path.GetDirectoryName(file)!)));
    }

    // A page of the index by which repeats are known. The read model opens, and would seem whole.
    [Fact]
    public async Task Desk_DamagedWhereRepeatsAreLookedUp_KeepsNobodyFromBeingReceived()
    {
        using var folder = new TempFolder();
        await using (var first = new DashboardApp(folder: folder.Path))
        {
            await Scene.PlayAsync(first);
        }

        var file = Path.Combine(folder.Path, "read-model.db");
        long page;
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT rootpage FROM sqlite_schema WHERE name = 'BodyHashes'";
            page = (long)(await command.ExecuteScalarAsync(Token))!;
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await command.ExecuteNonQueryAsync(Token);
        }

        await using (var stream = File.OpenWrite(file))
        {
            stream.Seek((page - 1) * 4096, SeekOrigin.Begin);
            await stream.WriteAsync(Enumerable.Repeat((byte)0xEE, 4096).ToArray(), Token);
        }

        await using var second = new DashboardApp(folder: folder.Path);
        await second.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = "ORD-AFTER")));
        Assert.Equal(StorageFault.None, second.Get<StorageHealth>().Fault);
        await second.SettleAsync(); // and the read model is rebuilt

        await using var readModel = second.OpenReadModel();
        Assert.True(await readModel.Orders.AnyAsync(row => row.OrderId == "ORD-AFTER", Token));
        Assert.Equal(
            "ok",
            await readModel.Database.SqlQueryRaw<string>("SELECT integrity_check AS Value FROM pragma_integrity_check").FirstAsync(Token)
        );
    }

    [Fact]
    public async Task Log_RestoredFromAnOlderBackup_TakesTheDeskWithIt()
    {
        using var folder = new TempFolder();
        await using (var first = new DashboardApp(folder: folder.Path))
        {
            await first.DeliverAsync(Signing.Sample("2025-11/order.created"));
            await first.SettleAsync();
            await first.Get<Backups>().MakeAsync(Token);
            await first.DeliverAsync(Signing.Sample("2025-11/order.completed"));
            await first.SettleAsync();
        }

        var log = Path.Combine(folder.Path, "esimfly.db");
        SqliteReadModelDatabase.Delete(log);
        File.Copy(Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "backups"))), log);

        await using var second = new DashboardApp(folder: folder.Path);
        await second.SettleAsync();

        await using var readModel = second.OpenReadModel();
        Assert.Equal(OrderStatus.Processing, (await readModel.Orders.SingleAsync(Token)).Status);
        var noticed = await LogRestore.Setting.ReadAsync(second.OpenLog(), Token); // which Health shows
        Assert.NotNull(noticed.NoticedAtMs);
        Assert.Equal(1, noticed.MissingEntries);
        Assert.NotNull(noticed.LastEntryAtMs);
    }

    [Fact]
    public async Task Waiting_WhileTheDeskCannotBeWritten_IsShownFromTheLog()
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        using var release = new ManualResetEventSlim();
        var isHeld = new TaskCompletionSource();
        var holding = Task.Run(
            () =>
                app.Get<ReadModelWriter>()
                    .HoldAsync(
                        () =>
                        {
                            isHeld.SetResult();
                            release.Wait(TimeSpan.FromSeconds(30));
                        },
                        CancellationToken.None
                    ),
            Token
        );
        await isHeld.Task;

        await app.DeliverAsync(Signing.Sample("2025-11/order.completed", "waits"));
        var queries = app.Get<DeliveryQueries>();
        var listed = (
            await queries.ListAsync(await app.JoinAsync(AccountRole.Viewer), new DeliveryFilter(null, null), null, 10, Token)
        ).Rows;
        var pending = (
            await queries.ListAsync(
                await app.JoinAsync(AccountRole.Viewer),
                new DeliveryFilter("waits", DeliveryState.Pending),
                null,
                10,
                Token
            )
        ).Rows;
        var found = await queries.FindAsync(await app.JoinAsync(AccountRole.Viewer), 2, Token);
        var ready = await app.Client.GetStringAsync("/health/ready", Token);
        release.Set();
        await holding;
        await app.SettleAsync();

        Assert.Equal([(2L, DeliveryState.Pending), (1L, DeliveryState.Processed)], listed.Select(row => (row.Seq, row.State)));
        Assert.Equal(2, Assert.Single(pending).Seq);
        Assert.Equal("order.completed", found!.Delivery.EventName);
        Assert.Contains("order.completed", found.Delivery.SafeBody, StringComparison.Ordinal);
        Assert.Contains("1 delivery waits", ready, StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Processed, (await queries.FindAsync(await app.JoinAsync(AccountRole.Viewer), 2, Token))!.Delivery.State);
    }

    private static async Task<int> CountAsync(DashboardApp app)
    {
        await using var readModel = app.OpenReadModel();
        return await readModel.Deliveries.CountAsync(Token);
    }
}
