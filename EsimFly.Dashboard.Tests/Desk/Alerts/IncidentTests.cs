using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk.Alerts;

/// <summary>Alerts with one cause are one matter.</summary>
public sealed class IncidentTests
{
    private long next;

    [Fact]
    public void Alerts_OfOnePackageAndError_AreOneIncident_OthersAreNot()
    {
        var nine = Enumerable
            .Range(0, 9)
            .Select(number => Failed($"ORD-{number}", "Europe 5GB", "PROVIDER_ERROR", minutesAgo: 10 + number));
        var incidents = Incident.Of([
            .. nine,
            Failed("ORD-A", "Europe 5GB", "INSUFFICIENT_BALANCE", 3),
            Failed("ORD-B", "USA 1GB", "PROVIDER_ERROR", 2),
        ]);

        Assert.Equal(3, incidents.Count);
        var first = incidents[0]; // the oldest first
        Assert.Equal("9 orders failed: Europe 5GB", first.Title("USD"));
        Assert.Equal("The network's provider had a temporary problem.", first.Detail("USD"));
        Assert.Equal("/orders?show=failed&error=PROVIDER_ERROR&package=Europe%205GB", first.Href);
        Assert.Equal(Rows.InHours(-18 / 60.0), first.SinceMs);
        Assert.Equal(9, first.News.Count);
        Assert.Equal("Order ORD-A failed", incidents[1].Title("USD"));
    }

    [Fact]
    public void Incidents_ThatSomebodyTookNoteOf_ComeLast_AndANewMemberIsNewsAgain()
    {
        var taken = Failed("ORD-1", "Europe 5GB", "PROVIDER_ERROR", 100) with
        {
            AcknowledgedAtMs = Rows.NowMs,
            AcknowledgedBy = "ada@example.com",
        };
        var other = Failed("ORD-2", "USA 1GB", "PROVIDER_ERROR", 1);

        Assert.Equal(
            "Order ORD-2 failed, Order ORD-1 failed",
            string.Join(", ", Incident.Of([taken, other]).Select(incident => incident.Title("USD")))
        );

        var again = Incident.Of([taken, other, Failed("ORD-3", "Europe 5GB", "PROVIDER_ERROR", 0)]);
        Assert.Equal("2 orders failed: Europe 5GB", again[0].Title("USD"));
        Assert.Single(again[0].News);
    }

    [Fact]
    public async Task Order_ThatHasWaitedForMonths_IsStillAnAlert()
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(
            Signing.Request(Samples.At("2025-11/order.created", DateTimeOffset.UtcNow.AddDays(-313), data => data["order_id"] = "ORD-OLD"))
        );
        await app.SettleAsync();
        await app.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);

        var open = await app.Get<AlertActions>().OpenAsync(await app.JoinAsync(AccountRole.Viewer), TestContext.Current.CancellationToken);

        Assert.Equal("ORD-OLD", Assert.Single(open, alert => alert.Kind == AlertKind.StuckOrder).Key);
    }

    [Fact]
    public async Task Acknowledgement_TakenBack_AsksForAttentionAgain_ButNotThatOfSomebodyElse()
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Request(Samples.At("2025-11/order.created", DateTimeOffset.UtcNow.AddHours(-2))));
        await app.SettleAsync();
        await app.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);
        var desk = app.Get<AlertActions>();
        var (support, admin) = (await app.JoinAsync(AccountRole.Support), await app.JoinAsync(AccountRole.Admin));
        var alert = Assert.Single(await desk.OpenAsync(support, TestContext.Current.CancellationToken));

        Assert.Equal(1, await desk.AcknowledgeAsync(support, [alert.Id], TestContext.Current.CancellationToken));
        Assert.Equal(0, await desk.ReopenAsync(admin, [alert.Id], TestContext.Current.CancellationToken));
        Assert.Equal(1, await desk.ReopenAsync(support, [alert.Id], TestContext.Current.CancellationToken));

        await Eventually.IsTrueAsync(
            async () => (await desk.OpenAsync(support, TestContext.Current.CancellationToken))[0].IsNews,
            "it asks for attention again"
        );
    }

    private AlertRow Failed(string order, string package, string error, double minutesAgo) =>
        new(
            ++next,
            AlertKind.FailedOrder,
            order,
            AlertLevel.Error,
            1,
            new AlertFacts
            {
                PackageName = package,
                ErrorCode = error,
                SinceMs = Rows.InHours(-minutesAgo / 60),
            }.ToJson(),
            Rows.NowMs,
            null,
            null,
            null
        );
}
