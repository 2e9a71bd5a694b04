using System.Globalization;
using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Overview;

/// <summary>The page that staff see first: totals and what happens just now.</summary>
public sealed partial class OverviewPage
{
    private IReadOnlyList<EventRow> feed = [];
    private Shown? totals;

    [Inject]
    private OverviewQueries Queries { get; set; } = default!;

    [Inject]
    private IOptions<DeskOptions> Options { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Order, Topic.Esim, Topic.TopUp, Topic.Balance, Topic.Delivery);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        feed = await Queries.FeedAsync(cancellationToken);
        totals = new Shown(await Queries.TotalsAsync(Clock.TodayStartMs(), Clock.NowMs, cancellationToken), Options.Value.Currency);
    }

    /// <summary>The totals as the tiles show them.</summary>
    private sealed record Shown(OverviewTotals Totals, string Currency)
    {
        public string Orders => Number(Totals.Processing + Totals.Completed + Totals.Failed);

        public string Active => Number(Totals.ActiveEsims);

        public string Expiring => Number(Totals.ExpiringEsims);

        public string Attention => Number(Totals.UnprocessedDeliveries);

        public string Balance => Money.Show(Totals.Balance?.Amount, Currency);

        public bool IsLow => Totals.Balance is { } reading && reading.Amount < reading.Threshold;

        private static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);
    }
}
