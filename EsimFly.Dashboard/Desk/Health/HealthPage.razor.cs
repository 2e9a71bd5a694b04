using System.Globalization;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Health;

/// <summary>"Is it everyone?": the state of the desk and of eSIMfly.</summary>
public sealed partial class HealthPage
{
    private static readonly IReadOnlyList<(string Value, string Word)> Spans = [("1h", "1 hour"), ("24h", "24 hours"), ("7d", "7 days")];

    private RollingRates rates = new(60_000, 60);
    private string? ratesOf;
    private DeliveryStats? stats;
    private HealthFacts? facts;
    private ReachFacts? reach;
    private DiskFacts disk = new(0, 0, 0, "");
    private IReadOnlyList<InstanceRow> instances = [];
    private IReadOnlyList<KeyValuePair<string, HealthReportEntry>> checks = [];
    private HealthStatus status;

    /// <summary>Over what time: <c>1h</c>, <c>24h</c> (the default) or <c>7d</c>.</summary>
    [SupplyParameterFromQuery]
    public string? Over { get; set; }

    [Inject]
    private HealthQueries Queries { get; set; } = default!;

    [Inject]
    private RateQueries Rates { get; set; } = default!;

    [Inject]
    private HealthCheckService Checks { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string Chosen => Over is "1h" or "7d" ? Over : "24h";

    private string SpanWords =>
        Chosen switch
        {
            "1h" => "the last hour",
            "7d" => "the last 7 days",
            _ => "the last 24 hours",
        };

    // A bar is a minute, half an hour, or four hours.
    private (long SlotMs, int Count) Slots =>
        Chosen switch
        {
            "1h" => (60_000, 60),
            "7d" => (4 * 3_600_000, 42),
            _ => (1_800_000, 48),
        };

    private long BacklogAge => stats?.BacklogOldestAtMs is { } oldest ? Clock.NowMs - oldest : 0;

    private bool IsSilent =>
        facts is { SilenceHours: > 0, LastArrivalAtMs: { } last }
        && Clock.NowMs - last > TimeSpan.FromHours(facts.SilenceHours).TotalMilliseconds;

    private StatusLook Overall => LookOf(status);

    // Nobody reads statistics by the millisecond.
    protected override TimeSpan FollowEvery => TimeSpan.FromMilliseconds(500);

    // A backlog grows by nothing happening.
    protected override TimeSpan? LookEvery => TimeSpan.FromSeconds(10);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Delivery, Topic.Order, Topic.TopUp, Topic.Rejected);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var (slotMs, count) = Slots;
        if (!string.Equals(ratesOf, Chosen, StringComparison.Ordinal))
        {
            (rates, ratesOf) = (new RollingRates(slotMs, count), Chosen);
        }

        var since = Clock.NowMs - (slotMs * count);
        stats = await Queries.StatsAsync(Who, since, cancellationToken);
        facts = await Queries.FactsAsync(Who, since, cancellationToken);
        reach = await Queries.ReachAsync(Who, cancellationToken);
        await rates.UpdateAsync(Clock.NowMs, from => Rates.CountAsync(Who, from, slotMs, cancellationToken));
        disk = await Queries.DiskAsync(Who, cancellationToken);
        instances = await Queries.InstancesAsync(Who, cancellationToken);
        var report = await Checks.CheckHealthAsync(cancellationToken);
        (checks, status) = ([.. report.Entries], report.Status);
    }

    internal static StatusLook LookOf(HealthStatus status) =>
        status switch
        {
            HealthStatus.Healthy => new("Healthy", Icons.Material.Outlined.CheckCircle, Color.Success),
            HealthStatus.Degraded => new("Degraded", Icons.Material.Outlined.WarningAmber, Color.Warning),
            _ => new("Unhealthy", Icons.Material.Outlined.ErrorOutline, Color.Error),
        };

    internal static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    internal static string Ms(double? value) =>
        value switch
        {
            null => "–",
            >= 10_000 => Components.Text.Spans.Words((long)value.Value),
            _ => $"{value.Value.ToString("#,0.#", CultureInfo.InvariantCulture)} ms",
        };

    private static string Share(long part, long whole) =>
        whole == 0 ? "" : $"{(part / (double)whole).ToString("0.#%", CultureInfo.InvariantCulture)} of {Number(whole)}";

    private string LabelOf(int index)
    {
        var at = Clock.LocalTime(rates.StartOf(index));
        return Chosen switch
        {
            "1h" => at.Minute % 10 == 0 ? at.ToString("HH:mm", CultureInfo.InvariantCulture) : "",
            "7d" => index % 6 == 0 ? at.ToString("d MMM", CultureInfo.InvariantCulture) : "",
            _ => index % 8 == 0 ? at.ToString("HH:mm", CultureInfo.InvariantCulture) : "",
        };
    }

    private void Choose(string span) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("over", span), replace: true);

    private static string Percentiles(ProcessTimes times) => $"p50 {Ms(times.At(50))} · p95 {Ms(times.At(95))} · p99 {Ms(times.At(99))}";
}
