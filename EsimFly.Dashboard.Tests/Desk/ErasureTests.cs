using System.Text;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Desk.Erasure;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Projection.Erasing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EsimFly.Dashboard.Tests.Desk;

/// <summary>What is erased is gone from both stores, and cannot come back; what is kept for a period ends.</summary>
public sealed class ErasureTests
{
    private const string Kept = "8901000000000000014";
    private const string Gone = "8901000000000000022";
    private const string Eid = "89049032123451234512345678901235";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Esim_OfAnOrderOfTwo_GoesAlone_AndTheOrderStaysComplete()
    {
        await using var app = new DashboardApp();
        await PlayAsync(app);
        var admin = await app.JoinAsync(AccountRole.Admin);
        var actions = app.Get<ErasureActions>();

        var plan = await actions.PlanAsync(admin, isTest: false, order: null, Gone, Token);
        Assert.Equal((1, 8), (plan!.Iccids.Count, plan.Deliveries));
        Assert.NotNull(await actions.EraseAsync(admin, isTest: false, order: null, Gone, Token));

        await using var desk = app.OpenReadModel();
        Assert.Equal(Kept, Assert.Single(await desk.Esims.Select(row => row.Iccid).ToListAsync(Token)));
        var order = await desk.Orders.SingleAsync(row => row.OrderId == "ORD-1", Token);
        Assert.Equal((OrderStatus.Completed, OrderFlags.Stub), (order.Status, order.Flags));
        Assert.Equal(9, await desk.Deliveries.CountAsync(Token)); // that they came stays
        Assert.NotNull((await app.Get<CodeReveal>().RevealAsync(admin, Kept, isTest: false, Token)).Code);
        Assert.Null(await actions.PlanAsync(admin, isTest: false, order: null, Gone, Token));
        Assert.Empty((await app.Get<Rebuild>().RunAsync(apply: false, progress: null, Token)).Differences);
        Assert.Empty(await FilesWithAsync(app, Gone, Eid));
        await using var log = app.OpenLog();
        var noted = await log.Audit.SingleAsync(row => row.Action == "data.erased", Token);
        Assert.DoesNotContain(Gone, noted.Subject + noted.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Order_GoesWithItsEsims_AndALateRetryDoesNotBringItBack()
    {
        await using var app = new DashboardApp();
        await PlayAsync(app);
        var admin = await app.JoinAsync(AccountRole.Admin);

        Assert.NotNull(await app.Get<ErasureActions>().EraseAsync(admin, isTest: false, "ORD-1", iccid: null, Token));
        await app.DeliverAsync(Installed("a late retry, in other bytes")); // answered 200
        await app.DeliverAsync(Completed("ORD-1", "another body", Gone));
        await app.SettleAsync();

        await using var desk = app.OpenReadModel();
        Assert.Equal("ORD-2", (await desk.Orders.SingleAsync(Token)).OrderId);
        Assert.Empty(await desk.Esims.ToListAsync(Token));
        Assert.Empty((await app.Get<Rebuild>().RunAsync(apply: false, progress: null, Token)).Differences);
        await Eventually.IsTrueAsync(() => Task.FromResult(LogIsWithout(app, Gone)), "the late bodies are replaced");
        Assert.Empty(await FilesWithAsync(app, Gone, Kept, Eid));
    }

    [Fact]
    public async Task Order_WhoseNameBeginsAnother_TakesNothingOfThat()
    {
        await using var app = new DashboardApp();
        await PlayAsync(app);
        await app.DeliverAsync(Signing.Request("""{"event":"no.such.event","data":{"order_id":"ORD-12"}}"""u8.ToArray()));
        await app.DeliverAsync(Signing.Request("""{"event":"no.such.event","data":{"order_id":"ORD-1"}}"""u8.ToArray()));
        await app.SettleAsync();

        await app.Get<ErasureActions>().EraseAsync(await app.JoinAsync(AccountRole.Admin), isTest: false, "ORD-1", iccid: null, Token);

        var entries = app.Get<LogEntries>();
        Assert.True((await entries.FindAsync(10, Token))!.HasBody);
        Assert.False((await entries.FindAsync(11, Token))!.HasBody);
    }

    [Fact]
    public async Task Backup_OlderThanAnErasure_IsErasedAgainWithTheStart()
    {
        using var folder = new TempFolder();
        await using (var first = new DashboardApp(folder: folder.Path))
        {
            await PlayAsync(first);
            await first.Get<Backups>().MakeAsync(Token);
            await first
                .Get<ErasureActions>()
                .EraseAsync(await first.JoinAsync(AccountRole.Admin), isTest: false, "ORD-1", iccid: null, Token);
        }

        var log = Path.Combine(folder.Path, "esimfly.db");
        SqliteReadModelDatabase.Delete(log);
        File.Copy(Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "backups"))), log);

        await using var second = new DashboardApp(folder: folder.Path);
        await second.SettleAsync();
        await Eventually.IsTrueAsync(() => Task.FromResult(LogIsWithout(second, Gone)), "the log was gone through");

        await using var desk = second.OpenReadModel();
        Assert.Equal("ORD-2", (await desk.Orders.SingleAsync(Token)).OrderId);
        Assert.Empty(await desk.Esims.ToListAsync(Token));
    }

    [Fact]
    public async Task Periods_Over_EndCodesEventsAccountsAndAudit()
    {
        var clock = new ShiftedClock();
        await using var app = new DashboardApp(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        var admin = await app.JoinAsync(AccountRole.Admin);
        var viewer = await app.JoinAsync(AccountRole.Viewer);
        await app.Get<DataActions>()
            .SetRetentionAsync(
                admin,
                new()
                {
                    CodeDays = 30,
                    EventDays = 400,
                    AccountDays = 30,
                    AuditDays = 90,
                },
                Token
            );
        await PlayAsync(app);
        await app.DeliverAsync(
            Signing.Request(
                Body("esim.expired", $$"""{"iccid":"{{Gone}}","order_reference":"REF-1","expired_at":"2025-01-20T00:00:00Z"}""", "x")
            )
        );
        await app.SettleAsync();

        await app.Get<RetentionWorker>().RunAsync(Token); // the samples are of January 2025

        await using (var desk = app.OpenReadModel())
        {
            Assert.Empty(await desk.Orders.Select(row => row.OrderId).ToListAsync(Token)); // long past, none of them goes on
            Assert.Empty(await desk.Esims.ToListAsync(Token));
        }

        await app.DeliverAsync(Completed("ORD-9", "now", Gone, DateTimeOffset.UtcNow.AddDays(-60)));
        await app.DeliverAsync(
            Signing.Request(
                Body("esim.expired", $$"""{"iccid":"{{Gone}}","order_reference":"REF-ORD-9"}""", "y", DateTimeOffset.UtcNow.AddDays(-40))
            )
        );
        await app.SettleAsync();
        await app.Get<RetentionWorker>().RunAsync(Token);
        await using (var desk = app.OpenReadModel())
        {
            var esim = await desk.Esims.SingleAsync(Token);
            Assert.Equal((PlanStatus.Expired, true), (esim.PlanStatus, esim.CodesFrom is null)); // the codes alone
        }

        Assert.Empty((await app.Get<Rebuild>().RunAsync(apply: false, progress: null, Token)).Differences);

        clock.Shift(TimeSpan.FromDays(40));
        await using (var log = app.OpenLog())
        {
            await log
                .Accounts.Where(row => row.Role == AccountRole.Viewer)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DisabledAtMs, 1L), Token);
            Assert.True(await log.Audit.AnyAsync(Token));
        }

        clock.Shift(TimeSpan.FromDays(100));
        await app.Get<RetentionWorker>().RunAsync(Token);
        await using (var log = app.OpenLog())
        {
            Assert.False(await log.Accounts.AnyAsync(row => row.Role == AccountRole.Viewer, Token));
            Assert.False(await log.Audit.AnyAsync(Token));
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(async () =>
            {
                await app.Get<AuditLog>().WriteAsync(new("test.note"), Token);
                await log.Audit.ExecuteDeleteAsync(Token); // still refused to everybody else
            });
        }
    }

    private static async Task PlayAsync(DashboardApp app)
    {
        await app.DeliverAsync(Completed("ORD-1", "first", Kept, Gone));
        await app.DeliverAsync(Installed("first"));
        for (var number = 0; number < 5; number++)
        {
            await app.SettleAsync(); // rows that change leave their former text in the file, if nothing overwrites it
            await app.DeliverAsync(Activated(number));
        }

        await app.DeliverAsync(Completed("ORD-2", "second"));
        await app.DeliverAsync(Signing.Request(Encoding.UTF8.GetBytes($$"""{"event":"no.such.event","data":{"iccid":"{{Gone}}"} }""")));
        await app.SettleAsync();
    }

    private static HttpRequestMessage Completed(string order, string note, params string[] iccids) =>
        Completed(order, note, iccids, DateTimeOffset.Parse("2025-01-16T10:30:15Z", System.Globalization.CultureInfo.InvariantCulture));

    private static HttpRequestMessage Completed(string order, string note, string iccid, DateTimeOffset at) =>
        Completed(order, note, [iccid], at);

    private static HttpRequestMessage Completed(string order, string note, string[] iccids, DateTimeOffset at)
    {
        var esims = iccids.Select(iccid =>
            $$"""{"iccid":"{{iccid}}","activation_code":"LPA:1$rsp.example.com$CODE{{iccid}}","status":"new"}"""
        );
        var data = $$"""{"order_id":"{{order}}","order_reference":"REF-{{order}}","esims":[{{string.Join(',', esims)}}] }""";
        return Signing.Request(Body("order.completed", data, note, at));
    }

    private static HttpRequestMessage Activated(int number) =>
        Signing.Request(Body("esim.activated", $$"""{"iccid":"{{Gone}}","package_name":"{{new string('x', 40 * number)}}"}""", "first"));

    private static HttpRequestMessage Installed(string note) =>
        Signing.Request(
            Body("esim.installed", $$"""{"iccid":"{{Gone}}","eid":"{{Eid}}","order_reference":"REF-ORD-1"}""", note),
            Samples.Newer
        );

    private static byte[] Body(string name, string data, string note, DateTimeOffset? at = null)
    {
        var timestamp = (at ?? new DateTimeOffset(2025, 1, 16, 11, 0, 0, TimeSpan.Zero)).UtcDateTime.ToString("s");
        return Encoding.UTF8.GetBytes($$"""{"event":"{{name}}","timestamp":"{{timestamp}}Z","note":"{{note}}","data":{{data}} }""");
    }

    private static bool LogIsWithout(DashboardApp app, string text)
    {
        var entries = app.Get<LogEntries>();
        using var log = new LogTail(app.Get<LogDatabase>());
        return log.Read(0, long.MaxValue, 1000)
            .Select(entries.Open)
            .All(entry =>
                !(entry.HasBody && Eraser.Mentions(entry.Content.Body, [text]))
                && (entry.Kept is null || !Encoding.UTF8.GetString(entry.Kept.Pack()).Contains(text, StringComparison.Ordinal))
                && entry.Kept?.Event?.Esims.All(esim => !string.Equals(esim.Iccid, text, StringComparison.Ordinal)) != false
            );
    }

    // Names stand in the desk in clear; in the log all is sealed.
    private static async Task<List<string>> FilesWithAsync(DashboardApp app, params string[] texts)
    {
        var found = new List<string>();
        foreach (var file in Directory.GetFiles(app.Folder, "*.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, Token);
            found.AddRange(
                texts.Where(text => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0).Select(text => $"{file}: {text}")
            );
        }

        return found;
    }
}
