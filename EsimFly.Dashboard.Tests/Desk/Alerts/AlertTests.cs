using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Desk;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Desk.Overview;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EsimFly.Dashboard.Tests.Desk.Alerts;

/// <summary>Alerts: raised once by what is stored, following it, ended with it, acknowledged by people.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private static readonly string[] Judged = ["Orders", "BalanceReadings", "TopUps", "Deliveries"];

    private readonly ShiftedClock clock = new();
    private readonly DashboardApp app;

    public AlertTests() => app = new DashboardApp(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task FailedOrder_RaisesOne_AndEndsWhenItCompletes()
    {
        await SendAsync("2025-11/order.created", Now);
        await SendAsync("2025-11/order.failed", Now);

        var alert = Assert.Single(await OpenAsync());
        Assert.Equal((AlertKind.FailedOrder, "ORD-123456", AlertLevel.Error), (alert.Kind, alert.Key, alert.Level));
        Assert.Equal("Order ORD-123456 failed", AlertWords.Title(alert, "USD"));
        Assert.Equal("The network's provider had a temporary problem. It can be tried again.", AlertWords.Detail(alert, "USD"));

        await SendAsync("2025-11/order.completed", Now);

        Assert.Empty(await OpenAsync());
        var over = Assert.Single(await app.Get<AlertActions>().OverAsync(await app.JoinAsync(AccountRole.Viewer), Token));
        Assert.Equal(alert.Id, over.Id);
    }

    [Fact]
    public async Task NoSecret_IsRaisedUntilOneIsThere()
    {
        await using var bare = new DashboardApp([("ESIMFLY_WEBHOOK_SECRET", null)]);
        await bare.Get<AlertWatch>().LookAsync(Token);
        Assert.Equal(
            AlertKind.NoSecret,
            Assert.Single(await bare.Get<AlertActions>().OpenAsync(await bare.JoinAsync(AccountRole.Viewer), Token)).Kind
        );

        await bare.Get<SigningSecrets>().AddAsync("eSIMfly", "whsec_x", null, null, Token);
        await bare.Get<AlertWatch>().LookAsync(Token);

        Assert.Empty(await bare.Get<AlertActions>().OpenAsync(await bare.JoinAsync(AccountRole.Viewer), Token));
    }

    [Fact]
    public async Task Failure_OfAnOrderPlacedDaysAgo_CountsTheDayItFailed()
    {
        await SendAsync("2025-11/order.created", Now - TimeSpan.FromHours(30));
        await SendAsync("2025-11/order.failed", Now);
        var today = (Now - TimeSpan.FromHours(1)).ToUnixTimeMilliseconds();

        var totals = await app.Get<OverviewQueries>().TotalsAsync(await app.JoinAsync(AccountRole.Viewer), today, Token);
        var facts = await app.Get<HealthQueries>().FactsAsync(await app.JoinAsync(AccountRole.Viewer), today, Token);

        Assert.Equal((0, 1), (totals.Placed, totals.Failed));
        Assert.Equal("PROVIDER_ERROR", Assert.Single(facts.OrderErrors).Name);
    }

    [Fact]
    public async Task StuckOrder_IsRaisedByTheClockAlone_TurnsRed_AndRingsAgain()
    {
        await SendAsync("2025-11/order.created", Now);
        Assert.Empty(await OpenAsync());

        clock.Shift(TimeSpan.FromMinutes(6));
        var amber = Assert.Single(await OpenAsync());
        Assert.Equal((AlertKind.StuckOrder, AlertLevel.Warning), (amber.Kind, amber.Level));
        await AcknowledgeAsync(amber);
        Assert.False(Assert.Single(await OpenAsync()).IsNews);

        clock.Shift(TimeSpan.FromMinutes(11));
        var red = Assert.Single(await OpenAsync());
        Assert.Equal((amber.Id, AlertLevel.Error, true), (red.Id, red.Level, red.IsNews));
    }

    [Fact]
    public async Task Balance_BelowItsThreshold_StaysAcknowledgedUntilItFallsAgain()
    {
        await SendAsync("2025-11/balance.low", Now);
        var alert = Assert.Single(await OpenAsync());
        Assert.Equal("Balance low: 15.50 USD", AlertWords.Title(alert, "USD"));
        await AcknowledgeAsync(alert);
        await app.Get<AlertWatch>().LookAsync(Token);
        Assert.False(Assert.Single(await OpenAsync()).IsNews);

        await SendAsync("2025-11/balance.low", Now.AddMinutes(1), data => data["current_balance"] = 9.10m);
        Assert.True(Assert.Single(await OpenAsync()).IsNews);

        await SendAsync("2025-11/balance.low", Now.AddMinutes(2), data => data["current_balance"] = 500m);
        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task Balance_BelowTheDesksOwnThreshold_IsPressing()
    {
        Assert.Null(
            await app.Get<ThresholdActions>()
                .SetAsync(await app.JoinAsync(AccountRole.Admin), new Thresholds { CriticalBalance = 16 }, Token)
        );

        await SendAsync("2025-11/balance.low", Now);

        Assert.Equal(AlertLevel.Error, Assert.Single(await OpenAsync()).Level);
        Assert.Contains(await AuditAsync(), action => string.Equals(action, AuditActions.ThresholdsSet, StringComparison.Ordinal));
    }

    [Fact]
    public async Task FailedTopUps_OfOneEsim_AreOneAlert_EndedByASuccess()
    {
        await SendAsync("2025-11/topup.failed", Now.AddMinutes(-3));
        await SendAsync("2025-11/topup.failed", Now.AddMinutes(-2));
        var alert = Assert.Single(await OpenAsync());
        Assert.Equal((AlertKind.FailedTopUp, "8901234567890123456", 2), (alert.Kind, alert.Key, alert.Facts.Count));

        await SendAsync("2025-11/topup.completed", Now.AddMinutes(-1));

        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task QuarantinedAndDeadDeliveries_AreOneAlertEachEvent_AndAnotherRingsAgain()
    {
        await app.DeliverAsync(Signing.Request("""{"event":"esim.suspended","data":{}}"""u8.ToArray()));
        await app.SettleAsync();
        var alert = Assert.Single(await OpenAsync());
        Assert.Equal((AlertKind.QuarantinedDeliveries, "esim.suspended"), (alert.Kind, alert.Key));
        await AcknowledgeAsync(alert);

        await app.DeliverAsync(Signing.Request("""{"event":"esim.suspended","data":{"n":2}}"""u8.ToArray()));
        await app.SettleAsync();
        var again = Assert.Single(await OpenAsync());
        Assert.Equal((alert.Id, true, 2), (again.Id, again.IsNews, again.Facts.Count));

        await app.Get<ReadModelWriter>()
            .WriteAsync(transaction => transaction.Execute("""UPDATE "Deliveries" SET "State" = 3 WHERE "Seq" = 1"""), Token);
        Assert.Contains(await OpenAsync(), item => item.Kind == AlertKind.DeadDeliveries);
    }

    [Fact]
    public async Task Rejections_ABurst_IsRaised_AndEndsWithTheWindow()
    {
        Assert.Null(
            await app.Get<ThresholdActions>().SetAsync(await app.JoinAsync(AccountRole.Admin), new Thresholds { RejectedBurst = 3 }, Token)
        );
        for (var i = 0; i < 3; i++)
        {
            using var forged = await app.Client.SendAsync(Signing.Request(Samples.Read("2025-11/order.created"), secret: "another"), Token);
        }

        // Of one address one a second is kept; the others are counted within the second.
        await Eventually.IsTrueAsync(
            async () => (await OpenAsync()).Any(alert => alert.Kind == AlertKind.Rejections),
            "the burst is raised without another request"
        );
        Assert.Null((await OpenAsync()).Single(alert => alert.Kind == AlertKind.Rejections).Facts.IsNoise);

        // One that verifies shows that the secret is right.
        await app.DeliverAsync(Signing.Sample("2025-11/esim.activated"));
        await app.SettleAsync();
        var noise = (await OpenAsync()).Single(alert => alert.Kind == AlertKind.Rejections);
        Assert.Equal((true, AlertLevel.Warning), (noise.Facts.IsNoise, noise.Level));
        Assert.Contains("somebody else", AlertWords.Detail(noise, "USD"), StringComparison.Ordinal);

        clock.Shift(TimeSpan.FromMinutes(15));
        Assert.DoesNotContain(await OpenAsync(), alert => alert.Kind == AlertKind.Rejections);
    }

    [Fact]
    public async Task Silence_IsRaisedAfterItsTime_EndsWithADelivery_AndIsNeverRaisedBeforeTheFirst()
    {
        clock.Shift(TimeSpan.FromDays(2));
        Assert.Empty(await OpenAsync());
        clock.Shift(TimeSpan.Zero);
        await SendAsync("2025-11/esim.activated", Now);

        clock.Shift(TimeSpan.FromHours(25));
        Assert.Equal(AlertKind.Silence, Assert.Single(await OpenAsync()).Kind);

        await app.DeliverAsync(Signing.Sample("2025-11/esim.activated"));
        await app.SettleAsync();
        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task TestData_RaisesNothing()
    {
        await SendAsync("2025-11/order.failed", Now);
        await SendAsync("2025-11/balance.low", Now);
        await SendAsync("2025-11/topup.failed", Now);
        await app.Get<ReadModelWriter>()
            .WriteAsync(
                transaction =>
                {
                    foreach (var table in Judged)
                    {
                        transaction.Execute($"""UPDATE "{table}" SET "IsTest" = TRUE""");
                    }
                },
                Token
            );

        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task Acknowledge_IsAudited_Once_AndNothingForViewers()
    {
        await SendAsync("2025-11/balance.low", Now);
        var alert = Assert.Single(await OpenAsync());
        await Assert.ThrowsAsync<AccessDeniedException>(async () =>
            await app.Get<AlertActions>().AcknowledgeAsync(await app.JoinAsync(AccountRole.Viewer), [alert.Id], Token)
        );

        Assert.Equal(1, await AcknowledgeAsync(alert));
        Assert.Equal(0, await AcknowledgeAsync(alert));

        var acknowledged = Assert.Single(await OpenAsync());
        Assert.Equal("support@example.com", acknowledged.AcknowledgedBy);
        Assert.Single(await AuditAsync(), action => string.Equals(action, AuditActions.Acknowledged, StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_AnUnchangedCondition_WritesNothing()
    {
        var facts = new AlertFacts { Count = 1 };
        var open = new AlertEntity
        {
            Id = 1,
            Kind = AlertKind.Rejections,
            Key = "",
            Level = AlertLevel.Error,
            Stamp = 3,
            Facts = facts.ToJson(),
        };

        Assert.True(AlertBook.Compare([open], [new Condition(AlertKind.Rejections, "", AlertLevel.Error, 3, facts)]).IsEmpty);
        Assert.Single(AlertBook.Compare([open], []).Ended);
        Assert.Single(
            AlertBook
                .Compare(
                    [],
                    [
                        new Condition(AlertKind.Silence, "", AlertLevel.Warning, 1, facts),
                        new Condition(AlertKind.Silence, "", AlertLevel.Warning, 1, facts),
                    ]
                )
                .Raised
        );
    }

    [Fact]
    public async Task AnOldOrderThatFailsNow_IsRaised_AndOneCreatedAgainIsNotStuckYet()
    {
        await SendAsync("2025-11/order.created", Now.AddDays(-9));
        await SendAsync("2025-11/order.failed", Now.AddMinutes(-2));
        Assert.Equal(AlertKind.FailedOrder, Assert.Single(await OpenAsync()).Kind);

        await SendAsync("2025-11/order.created", Now.AddMinutes(-1));
        Assert.Empty(await OpenAsync());
        Assert.Equal((0, 0), await WaitingAsync());

        clock.Shift(TimeSpan.FromMinutes(12));
        Assert.Equal(AlertKind.StuckOrder, Assert.Single(await OpenAsync()).Kind);
        Assert.Equal((1, 1), await WaitingAsync());
    }

    // The list of stuck orders and what is missing follow the same rule as the alert.
    private async Task<(long Stuck, int MissingAnEnd)> WaitingAsync()
    {
        var nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var stuck = OrderViews.Filter(null, "stuck", null, null, isOldestFirst: false, new Thresholds(), nowMs, todayStartMs: 0);
        var missing = await app.Get<MissingQueries>()
            .ReadAsync(await app.JoinAsync(AccountRole.Viewer), isTest: false, nowMs, 50, TestContext.Current.CancellationToken);
        return (
            await app.Get<OrderQueries>().CountAsync(await app.JoinAsync(AccountRole.Viewer), stuck, TestContext.Current.CancellationToken),
            missing.Count(row => row.Kind == MissingKind.OrderEnd)
        );
    }

    [Fact]
    public async Task Balance_WithoutAThreshold_IsLow_AndAReadingWithoutABalanceEndsNothing()
    {
        await SendAsync("2025-11/balance.low", Now.AddMinutes(-2), data => data["threshold"] = null);
        Assert.Equal(AlertKind.LowBalance, Assert.Single(await OpenAsync()).Kind);

        await SendAsync("2025-11/balance.low", Now.AddMinutes(-1), data => data["current_balance"] = null);
        Assert.Single(await OpenAsync());

        clock.Shift(TimeSpan.FromDays(8)); // no news any more
        Assert.DoesNotContain(await OpenAsync(), alert => alert.Kind == AlertKind.LowBalance);
    }

    [Fact]
    public async Task ATopUpThatSucceedsInTheSameMoment_ClosesTheFailedOne()
    {
        var at = Now.AddMinutes(-3);
        await SendAsync("2025-11/topup.completed", at);
        await SendAsync("2025-11/topup.failed", at);

        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public void Compare_WhereThereAreMoreThanAreLookedAt_EndsNone()
    {
        var facts = new AlertFacts();
        var open = new AlertEntity
        {
            Id = 1,
            Kind = AlertKind.FailedOrder,
            Key = "pushed out",
            Level = AlertLevel.Error,
            Facts = facts.ToJson(),
        };
        var present = Enumerable
            .Range(0, AlertRules.MaxEach)
            .Select(i => new Condition(AlertKind.FailedOrder, $"{i}", AlertLevel.Error, 1, facts))
            .ToList();

        Assert.Empty(AlertBook.Compare([open], present).Ended);
        Assert.Single(AlertBook.Compare([open], present[1..]).Ended);
    }

    [Fact]
    public async Task TwoProcesses_FindingTheSame_RaiseOne()
    {
        var changes = new AlertChanges([new Condition(AlertKind.Silence, "", AlertLevel.Warning, 1, new AlertFacts())], [], []);
        for (var i = 0; i < 2; i++)
        {
            await app.Get<LogWriter>().WriteAsync(transaction => AlertBook.Write(transaction, changes, 1), Token);
        }

        await using var context = app.OpenContext();
        Assert.Equal(1, await context.Alerts.CountAsync(Token));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task<IReadOnlyList<AlertRow>> OpenAsync()
    {
        await app.Get<AlertWatch>().LookAsync(Token);
        return await app.Get<AlertActions>().OpenAsync(await app.JoinAsync(AccountRole.Viewer), Token);
    }

    private async Task<int> AcknowledgeAsync(AlertRow alert) =>
        await app.Get<AlertActions>().AcknowledgeAsync(await app.JoinAsync(AccountRole.Support), [alert.Id], Token);

    private async Task<List<string>> AuditAsync()
    {
        await using var context = app.OpenContext();
        return await context.Audit.AsNoTracking().Select(row => row.Action).ToListAsync(Token);
    }

    private async Task SendAsync(string sample, DateTimeOffset at, Action<System.Text.Json.Nodes.JsonObject>? change = null)
    {
        var body = Samples.At(sample, at, change);
        await app.DeliverAsync(Signing.Request(body, Samples.ContractOf(sample)));
        await app.SettleAsync();
    }
}
