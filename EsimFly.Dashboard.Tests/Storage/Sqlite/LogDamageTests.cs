using System.Net;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Storage.Sqlite;

/// <summary>An event log that is damaged in one place: what cannot be read is passed over and named, and all else is there.</summary>
public sealed class LogDamageTests
{
    private const int Orders = 120;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadModel_MadeFromALogWithADamagedPage_HasAllElse_AndTheAlertSaysSo()
    {
        using var folder = new TempFolder();
        await using (var before = new DashboardApp(folder: folder.Path))
        {
            for (var i = 0; i < Orders; i++)
            {
                await before.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = $"DMG-{i}")));
            }

            await before.SettleAsync();
        }

        SqliteReadModelDatabase.Delete(Path.Combine(folder.Path, "read-model.db"));
        DamageAPage(Path.Combine(folder.Path, "esimfly.db"));

        await using var app = new DashboardApp(folder: folder.Path);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = app.OpenReadModel();
                return app.Get<ReadModelState>().Building is null && await context.Orders.CountAsync(Token) > Orders / 2;
            },
            "what can be read is folded"
        );

        var damaged = app.Get<LogDatabase>().Damage.Count;
        Assert.InRange(damaged, 1, 20);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = app.OpenReadModel();
                return await context.Orders.CountAsync(Token) == Orders - damaged;
            },
            "all but the damaged ones are there"
        );
        await app.Get<AlertWatch>().LookAsync(Token);
        var alerts = await app.Get<AlertActions>().OpenAsync(await app.JoinAsync(AccountRole.Viewer), Token);
        Assert.Contains(alerts, alert => alert.Kind == AlertKind.LogDamaged);
        using var ready = await app.Client.GetAsync("/health/ready", Token);
        Assert.Contains("The event log is damaged", await ready.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await app.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = "DMG-AFTER")));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Delivery_WhoseSealDoesNotOpen_IsShownWithoutItsBody()
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        await using (var log = app.OpenLog())
        {
            await log.Database.ExecuteSqlRawAsync("UPDATE \"Log\" SET \"Sealed\" = zeroblob(200) WHERE \"Seq\" = 1", Token);
        }

        var found = await app.Get<DeliveryQueries>().FindAsync(await app.JoinAsync(AccountRole.Support), 1, Token);

        Assert.NotNull(found);
        Assert.False(found.Delivery.IsBodyKept);
        Assert.Null(found.Delivery.SafeBody);
    }

    // A leaf page of the table itself, in the middle of it.
    private static void DamageAPage(string file)
    {
        long page;
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
            command.CommandText = "SELECT rootpage FROM sqlite_schema WHERE name = 'Log'";
            var root = (long)command.ExecuteScalar()!;
            page = ChildOf(file, root);
        }

        using var stream = File.OpenWrite(file);
        stream.Position = (page - 1) * 4096;
        stream.Write(new byte[4096]);
    }

    // The fifth child of an interior page (sqlite.org/fileformat.html, "B-tree Pages").
    private static long ChildOf(string file, long root)
    {
        var bytes = File.ReadAllBytes(file).AsSpan((int)((root - 1) * 4096), 4096);
        Assert.Equal(5, bytes[0]);
        var cell = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(bytes[(12 + (4 * 2))..]);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[cell..]);
    }
}
