using System.Globalization;
using EsimFly.Dashboard.Access.Sessions;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Desk.Overview;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.Wall;

/// <summary>
/// What a screen on the wall shows: large, quiet, without anything to click. Nobody touches it, so the session of an account that may only
/// look does not end by itself while it is open.
/// </summary>
public sealed partial class WallPage
{
    private const int MostIncidents = 6;

    private Shown? shown;

    [Inject]
    private OverviewQueries Overview { get; set; } = default!;

    [Inject]
    private OrderQueries Orders { get; set; } = default!;

    [Inject]
    private AlertActions Alerts { get; set; } = default!;

    [Inject]
    private HealthQueries Health { get; set; } = default!;

    [Inject]
    private RateQueries Rates { get; set; } = default!;

    [Inject]
    private CircuitSession Circuit { get; set; } = default!;

    [Inject]
    private IOptions<WholesaleOptions> Options { get; set; } = default!;

    private string Currency => Options.Value.Currency;

    protected override TimeSpan? LookEvery => TimeSpan.FromSeconds(15);

    protected override TimeSpan FollowEvery => TimeSpan.FromSeconds(1);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Order, Topic.Esim, Topic.TopUp, Topic.Balance, Topic.Delivery, Topic.Alert);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (Who.IsInRole(nameof(AccountRole.Viewer)))
        {
            Circuit.NoteActivity();
        }

        const long Hour = 3_600_000;
        var totals = await Overview.TotalsAsync(Who, Clock.TodayStartMs(), cancellationToken);
        var thresholds = await Orders.ThresholdsAsync(Who, cancellationToken);
        var stuck = OrderViews.Filter(null, "stuck", null, null, isOldestFirst: true, thresholds, Clock.NowMs, 0) with { IsTest = false };
        var waiting = await Orders.CountAsync(Who, stuck, cancellationToken);
        var first = await Orders.ListAsync(Who, stuck, after: null, 1, cancellationToken);
        var sinceMs = (Clock.NowMs - Hour) / 60_000 * 60_000;
        var counts = await Rates.CountAsync(Who, sinceMs, Hour, cancellationToken);
        shown = new(
            totals,
            waiting,
            first.Rows is [var longest, ..] ? longest.WaitingSinceMs : null,
            counts.Values.Sum(),
            await Health.ReachAsync(Who, cancellationToken),
            [.. Incident.Of(await Alerts.OpenAsync(Who, cancellationToken)).Where(incident => incident.IsNews)],
            Money.Show(totals.Balance?.Amount, totals.Balance?.Currency ?? Currency)
        );
    }

    private static string Counted(long count, string what) => $"{Number(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>What is shown.</summary>
    private sealed record Shown(
        OverviewTotals Totals,
        long Waiting,
        long? LongestWaitMs,
        int LastHour,
        ReachFacts Reach,
        IReadOnlyList<Incident> Incidents,
        string Balance
    )
    {
        public int Failed => Totals.Failed + Totals.FailedTopUps;

        public string FailedWords => $"{Counted(Totals.Failed, "order")} and {Counted(Totals.FailedTopUps, "top-up")}";

        public bool IsLow => Totals.Balance is { } reading && reading.Amount < reading.Threshold;
    }
}
