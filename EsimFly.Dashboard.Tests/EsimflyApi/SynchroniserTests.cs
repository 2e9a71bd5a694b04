using System.Globalization;
using System.Text;
using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Desk.Erasure;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.EsimflyApi.Sync;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace EsimFly.Dashboard.Tests.EsimflyApi;

/// <summary>What eSIMfly's API knows comes into the desk by the log, and only once.</summary>
public sealed class SynchroniserTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Desk_WithNothingButKeys_IsFilled_AndSaysWhereItIsFrom()
    {
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 250);
        await using var app = Connected(esimfly);
        var sync = app.Get<Synchroniser>();

        await sync.StartHistoryAsync(Token);
        await DoneAsync(app);

        await using var desk = app.OpenReadModel();
        var orders = await desk.Orders.ToDictionaryAsync(row => row.OrderReference!, StringComparer.Ordinal, Token);
        Assert.Equal(250, orders.Count);
        Assert.All(
            esimfly.Account.Orders,
            order =>
            {
                var row = orders[order.Reference];
                Assert.Equal(StatusMeaning.Order(order.Status), row.Status);
                Assert.Equal((order.Amount, "USD", order.PackageName), (row.Amount, row.Currency, row.PackageName));
                Assert.Equal(order.CreatedAt.ToUnixTimeMilliseconds() / 1000, row.SortAtMs / 1000);
                Assert.True(row.Flags.HasFlag(OrderFlags.FromApi));
                Assert.False(row.Flags.HasFlag(OrderFlags.Stub));
                Assert.Equal(order.Iccid is null ? 0 : 1, row.EsimCount);
            }
        );
        var active = esimfly.Account.Esims.Values.Where(esim => esim.Status is "ACTIVE").ToList();
        Assert.NotEmpty(active);
        foreach (var esim in active)
        {
            var row = await desk.Esims.SingleAsync(item => item.Iccid == esim.Iccid, Token);
            Assert.Equal(PlanStatus.Active, row.PlanStatus);
            Assert.Equal(esim.ExpiresAt!.Value.ToUnixTimeMilliseconds(), row.ExpiresAtMs);
            Assert.Equal(esim.UsedMb / 1024, row.DataUsedGb);
            Assert.True(row.Flags.HasFlag(EsimFlags.FromApi));
            Assert.NotNull(row.OrderKey);
        }

        Assert.Equal(1500.25m, (await desk.BalanceReadings.SingleAsync(Token)).Balance);
        Assert.Empty(await desk.Deliveries.ToListAsync(Token)); // an observation is no delivery
    }

    [Fact]
    public async Task Answer_WithNothingNew_IsNotLogged()
    {
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 30, mostAMinute: 600);
        await using var app = Connected(esimfly);
        var sync = app.Get<Synchroniser>();
        var first = await sync.ReconcileAsync(0, progress: null, Token);
        await app.SettleAsync();
        var entries = await CountAsync(app);

        var second = await sync.ReconcileAsync(0, progress: null, Token);
        await app.SettleAsync();

        Assert.InRange(first.Unknown, 28, 30); // the background was quicker with those of the last day
        Assert.Equal((30, 0), (second.Orders, second.Unknown));
        Assert.Empty(second.Different);
        Assert.Equal(first.Unknown, first.Different.Count(item => item.Here is null));
        Assert.Equal(entries, await CountAsync(app));

        esimfly.Account.Orders[4].Status = "cancelled";
        var third = await sync.ReconcileAsync(0, progress: null, Token);
        await app.SettleAsync();
        var difference = Assert.Single(third.Different);
        Assert.Equal((esimfly.Account.Orders[4].Reference, "Completed", "Cancelled"), (difference.Name, difference.Here, difference.There));
        Assert.Equal(entries + 1, await CountAsync(app));
    }

    [Fact]
    public async Task History_OfFiveThousandOrders_Interrupted_GoesOnWithoutAGap()
    {
        using var folder = new TempFolder();
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 5000, mostAMinute: 6000);
        await using (var app = Connected(esimfly, folder.Path))
        {
            var asked = 0;
            esimfly.Sometimes = async context =>
            {
                if (context.Request.Path.Value is not "/orders" || context.Request.Query["from_date"].Count > 0 || ++asked <= 13)
                {
                    return false;
                }

                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await context.Response.WriteAsync("{\"success\":false}", Token);
                return true;
            };
            await app.Get<Synchroniser>().StartHistoryAsync(Token);
            await Eventually.IsTrueAsync(
                async () => (await app.Get<Synchroniser>().StateAsync(Token)).History.Problem is not null,
                "eSIMfly fails"
            );
            Assert.Equal(1300, (await app.Get<Synchroniser>().StateAsync(Token)).History.Orders);
        }

        esimfly.Sometimes = null;
        await using var again = Connected(esimfly, folder.Path);
        await DoneAsync(again);

        await using var desk = again.OpenReadModel();
        var names = await desk.Orders.Select(row => row.OrderReference!).ToListAsync(Token);
        Assert.Equal(
            esimfly.Account.Orders.Select(order => order.Reference).Order(StringComparer.Ordinal),
            names.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Esims_WhoseListBreaksOff_AreReadOnFromThere_HoweverOftenItDoes()
    {
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 2000, mostAMinute: 6000);
        var last = 2; // the last page that is answered
        esimfly.Sometimes = async context =>
        {
            var isBroken =
                context.Request.Path.Value is "/esims"
                && int.Parse(context.Request.Query["page"].ToString(), CultureInfo.InvariantCulture) > last;
            if (isBroken)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                await context.Response.WriteAsync("{\"success\":false}", Token);
            }

            return isBroken;
        };
        await using var app = Connected(esimfly);
        var synchroniser = app.Get<Synchroniser>();
        for (var i = 0; i < 4; i++)
        {
            await synchroniser.RunSoonAsync(SyncJob.ActiveEsims, Token);
            await synchroniser.RunDueAsync(Token);
            var job = (await synchroniser.StateAsync(Token)).Of(SyncJob.ActiveEsims);
            Assert.Equal((3, true), (job.NextPage, job.HasFailed));
            last = 0;
        }

        esimfly.Sometimes = null;
        await synchroniser.RunSoonAsync(SyncJob.ActiveEsims, Token);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await synchroniser.RunDueAsync(Token);
                return (await synchroniser.StateAsync(Token)).Of(SyncJob.ActiveEsims) is { LastRunMs: not null, NextPage: 1 };
            },
            "all are read"
        );
    }

    [Fact]
    public async Task Order_ThatIsOpenForWeeks_IsAskedAboutByItself()
    {
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 100, mostAMinute: 600);
        await using var app = Connected(esimfly);
        await app.SettleAsync();
        var order = esimfly.Account.Orders.Last(item =>
            item.Status is "completed" && item.CreatedAt < DateTimeOffset.UtcNow - TimeSpan.FromDays(20)
        );
        await app.DeliverAsync(
            Signing.Request(
                Samples.At(
                    "2025-11/order.created",
                    order.CreatedAt,
                    data => (data["order_id"], data["order_reference"]) = ("ORD-OPEN", order.Reference)
                )
            )
        );
        await app.SettleAsync();

        await app.Get<Synchroniser>().RunSoonAsync(SyncJob.Orders, Token);
        await app.Get<Synchroniser>().RunDueAsync(Token);
        await app.SettleAsync();

        await using var desk = app.OpenReadModel();
        var row = await desk.Orders.SingleAsync(item => item.OrderId == "ORD-OPEN", Token);
        Assert.Equal(OrderStatus.Completed, row.Status);
        Assert.True(row.Flags.HasFlag(OrderFlags.FromApi | OrderFlags.Reconciled));
        Assert.Equal(1, row.EsimCount);
    }

    [Fact]
    public void Turns_GiveEachItsOwn()
    {
        var turns = new Turns<int>();

        Assert.Equal([1, 2], turns.Take([1, 2, 3], 2));
        Assert.Equal([3, 1], turns.Take([1, 2, 3], 2));
        Assert.Equal([2, 1], turns.Take([1, 2, 3], 2));
        Assert.Equal([4, 3], turns.Take([1, 2, 3, 4], 2));
    }

    [Fact]
    public async Task Desk_WorkedOutAgain_HasTheSameFromTheApi()
    {
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 40, mostAMinute: 600);
        await using var app = Connected(esimfly);
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.Get<Synchroniser>().ReconcileAsync(0, progress: null, Token);
        await app.SettleAsync();

        var report = await app.Get<Rebuild>().RunAsync(apply: false, progress: null, Token);

        Assert.True(report.Compared > 80, report.ToString());
        Assert.Equal(0, report.DifferenceCount);
    }

    [Fact]
    public async Task Codes_OfAnswers_AreSealed_AndRevealedOnlyByTheAuditedClick()
    {
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 40, mostAMinute: 600);
        var logs = new HeardLog();
        await using var app = Connected(esimfly, logs: logs);
        var support = await app.JoinAsync(AccountRole.Support);
        await app.Get<Synchroniser>().ReconcileAsync(0, progress: null, Token);
        await app.SettleAsync();
        var esim = esimfly.Account.Esims.Values.First(item => item.Status is "ACTIVE");
        var code = esim.Lpa.Split('$')[2];

        foreach (var file in Directory.EnumerateFiles(app.Folder, "*.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, Token);
            Assert.DoesNotContain(code, Encoding.Latin1.GetString(bytes.ToArray()), StringComparison.Ordinal);
        }

        app.Client.DefaultRequestHeaders.Authorization = new("Bearer", DashboardApp.ApiToken);
        Assert.DoesNotContain(code, await app.Client.GetStringAsync($"/api/v1/esims/{esim.Iccid}", Token), StringComparison.Ordinal);
        Assert.NotEmpty(logs.Lines);
        Assert.DoesNotContain(
            logs.Lines,
            line => line.Contains(code, StringComparison.Ordinal) || line.Contains(EsimflyStandIn.SecretKey, StringComparison.Ordinal)
        );

        var revealed = await app.Get<CodeReveal>().RevealAsync(support, esim.Iccid, isTest: false, Token);
        Assert.Equal(esim.Lpa, revealed.Code!.Text);
    }

    [Fact]
    public async Task Esim_ThatWasErased_IsGoneFromAnswersToo_AndIsNotReadAgain()
    {
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 40, mostAMinute: 600);
        await using var app = Connected(esimfly);
        var admin = await app.JoinAsync(AccountRole.Admin);
        await app.Get<Synchroniser>().ReconcileAsync(0, progress: null, Token);
        await app.SettleAsync();
        var iccid = esimfly.Account.Esims.Values.First(item => item.Status is "ACTIVE").Iccid;
        var entries = await CountAsync(app);

        Assert.NotNull(await app.Get<ErasureActions>().EraseAsync(admin, isTest: false, order: null, iccid, Token));
        await app.Get<Synchroniser>().ReconcileAsync(0, progress: null, Token);
        await app.SettleAsync();

        await using var desk = app.OpenReadModel();
        Assert.False(await desk.Esims.AnyAsync(row => row.Iccid == iccid, Token));
        Assert.False(await desk.EventEsims.AnyAsync(row => row.Iccid == iccid, Token));
        Assert.Equal(entries, await CountAsync(app));
        Assert.Equal(0, (await app.Get<Rebuild>().RunAsync(apply: false, progress: null, Token)).DifferenceCount);
    }

    [Fact]
    public async Task Keys_ThatAreRemoved_StopEveryRequest()
    {
        await using var esimfly = await EsimflyStandIn.StartAsync(orders: 3);
        await using var app = new DashboardApp([("EsimflyApi:BaseUrl", esimfly.Address)]);
        var sync = app.Get<Synchroniser>();

        await sync.RunDueAsync(Token);

        Assert.Equal(0, esimfly.Requests);
        Assert.Same(ApiProblem.NoKeys.Says, (await sync.ReconcileAsync(0, progress: null, Token)).Problem);
    }

    private static DashboardApp Connected(EsimflyStandIn esimfly, string? folder = null, HeardLog? logs = null) =>
        new(
            [
                ("EsimflyApi:BaseUrl", esimfly.Address),
                ("EsimflyApi:AccessCode", EsimflyStandIn.AccessCode),
                ("EsimflyApi:SecretKey", EsimflyStandIn.SecretKey),
                ("Logging:LogLevel:Default", logs is null ? "Warning" : "Trace"),
            ],
            services =>
            {
                services.Replace(ServiceDescriptor.Singleton(EsimflyStandIn.Plenty));
                if (logs is not null)
                {
                    services.AddSingleton<ILoggerProvider>(logs);
                }
            },
            folder: folder
        );

    private static async Task DoneAsync(DashboardApp app)
    {
        await Eventually.IsTrueAsync(
            async () =>
            {
                var state = await app.Get<Synchroniser>().StateAsync(Token);
                app.Get<Synchroniser>().Wake();
                return state.History.DoneMs is not null && state.Of(SyncJob.ActiveEsims).LastRunMs is not null;
            },
            "all is read",
            TimeSpan.FromSeconds(60) // thousands of orders
        );
        await app.SettleAsync();
    }

    private static async Task<int> CountAsync(DashboardApp app)
    {
        await using var log = app.OpenLog();
        return await log.Log.CountAsync(Token);
    }
}
