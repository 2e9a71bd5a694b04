using System.Globalization;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Desk.Cases;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Overview;

/// <summary>The page that staff see first: totals, what needs them, and what happens just now.</summary>
public sealed partial class OverviewPage
{
    private const int MostAlerts = 5;
    private const int Minutes = 60;

    private readonly RollingRates rates = new(60_000, Minutes);
    private IReadOnlyList<EventRow> feed = [];
    private IReadOnlyList<Incident> incidents = [];
    private IReadOnlyList<CaseRow> due = [];
    private Shown? totals;
    private SetUpState? setUp;

    [Inject]
    private OverviewQueries Queries { get; set; } = default!;

    [Inject]
    private RateQueries Rates { get; set; } = default!;

    [Inject]
    private CaseActions Cases { get; set; } = default!;

    [Inject]
    private AlertActions Alerts { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private IOptions<WholesaleOptions> Options { get; set; } = default!;

    private string RateSummary =>
        $"Deliveries by the minute in the last hour: {rates.Total:0} in all, at most {rates.Values.Max():0} in a minute";

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Order, Topic.Esim, Topic.TopUp, Topic.Balance, Topic.Delivery, Topic.Alert, Topic.Case);
    }

    // The minutes pass, also when nothing comes.
    protected override TimeSpan? LookEvery => TimeSpan.FromSeconds(5);

    private protected override bool IsDue => !IsLoading && rates.StartOf(Minutes) <= Clock.NowMs;

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        feed = await Queries.FeedAsync(Who, Viewing.IsTest, cancellationToken);
        StateHasChanged(); // what has just come is shown before the totals are derived
        incidents = Incident.Of(await Alerts.OpenAsync(Who, cancellationToken));
        setUp = setUp is { HasReal: true } ? setUp : await Queries.SetUpAsync(Who, cancellationToken);
        due = await Cases.ListAsync(Who, onlyOwn: false, Clock.NowMs, cancellationToken);
        await CountAsync(cancellationToken);
        totals = new Shown(await Queries.TotalsAsync(Who, Clock.TodayStartMs(), cancellationToken), Options.Value.Currency);
    }

    private Task CountAsync(CancellationToken cancellationToken) =>
        rates.UpdateAsync(Clock.NowMs, since => Rates.CountAsync(Who, since, 60_000, cancellationToken));

    private string LabelOf(int index)
    {
        var at = Clock.LocalTime(rates.StartOf(index));
        return at.Minute % 10 == 0 ? at.ToString("HH:mm", CultureInfo.InvariantCulture) : "";
    }

    private Task<bool> AcknowledgeAsync(IReadOnlyCollection<long> ids) => TryAsync(who => Alerts.AcknowledgeAsync(Snackbar, who, ids));

    /// <summary>The totals as the tiles show them.</summary>
    private sealed record Shown(OverviewTotals Totals, string Currency)
    {
        public string Orders => Number(Totals.Placed);

        public string Failed => Number(Totals.Failed + Totals.FailedTopUps);

        public bool HasFailures => Totals.Failed + Totals.FailedTopUps > 0;

        public string Active => Number(Totals.ActiveEsims);

        public string Expiring => Number(Totals.ExpiringEsims);

        public string Balance => Money.Show(Totals.Balance?.Amount, Totals.Balance?.Currency ?? Currency);

        public bool IsLow => Totals.Balance is { } reading && reading.Amount < reading.Threshold;

        private static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);
    }
}
