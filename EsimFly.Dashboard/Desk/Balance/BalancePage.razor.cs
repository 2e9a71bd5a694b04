using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.Balance;

/// <summary>What the balance was, and how long it will last.</summary>
public sealed partial class BalancePage
{
    private const int Shown = 100;
    private const int SpentDays = 30;

    private static readonly TimeSpan SpentOver = TimeSpan.FromDays(SpentDays);

    private IReadOnlyList<BalanceRow> readings = [];
    private IReadOnlyList<(DateTime At, decimal Balance)> points = [];
    private Spending since = new(0, null, 0, 0);
    private BalanceOutlook? outlook;
    private IReadOnlyList<(DateOnly Day, decimal Amount)> days = [];

    [Inject]
    private BalanceQueries Queries { get; set; } = default!;

    [Inject]
    private IOptions<WholesaleOptions> Options { get; set; } = default!;

    private string Currency => Options.Value.Currency;

    private string ChartSummary =>
        $"{points.Count} readings, from {Money.Show(points[0].Balance, Currency)} to {Money.Show(points[^1].Balance, Currency)}";

    // What was spent takes a sum over a week; a stream of orders need not make it again each time.
    protected override TimeSpan FollowEvery => TimeSpan.FromMilliseconds(400);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Balance, Topic.Order, Topic.TopUp);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        readings = await Queries.LatestAsync(Who, Shown, cancellationToken);
        points =
        [
            .. readings
                .Where(row => row.Balance is not null && row.OccurredAtMs > 0)
                .Reverse()
                .Select(row => (Clock.LocalTime(row.OccurredAtMs), row.Balance!.Value)),
        ];
        var today = DateOnly.FromDateTime(Clock.LocalTime(Clock.NowMs));
        var byDay = (await Queries.SpentByHourAsync(Who, Clock.NowMs - (long)SpentOver.TotalMilliseconds, cancellationToken))
            .GroupBy(hour => DateOnly.FromDateTime(Clock.LocalTime(hour.HourMs)))
            .ToDictionary(day => day.Key, day => day.Sum(hour => hour.Amount));
        days =
        [
            .. Enumerable
                .Range(0, SpentDays)
                .Select(back => today.AddDays(back + 1 - SpentDays))
                .Select(day => (day, byDay.GetValueOrDefault(day))),
        ];
        if (readings is [var latest, ..])
        {
            since = await Queries.SpentSinceAsync(Who, latest.OccurredAtMs, cancellationToken);
            var from = Clock.NowMs - (long)BalanceOutlook.Pace.TotalMilliseconds;
            var lately = await Queries.SpentSinceAsync(Who, from, cancellationToken);
            outlook = BalanceOutlook.Of(
                latest,
                since.Amount,
                lately.Amount,
                lately.FirstAtMs is { } first ? Math.Max(first, from) : null,
                Clock.NowMs,
                Currency
            );
        }
    }

    private static string Comparison(BalanceRow reading) =>
        reading switch
        {
            { IsLow: true } => "the balance is below it",
            { Balance: null } or { Threshold: null } => "",
            _ => "the balance is not below it",
        };
}
