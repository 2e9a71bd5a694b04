using System.Globalization;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Desk.Cases;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>
/// Alerts that have one cause: orders that fail for one package with one error are one matter, not nine. Pure.
/// </summary>
/// <param name="Alerts">Its alerts, those that have waited longest first; at least one.</param>
public sealed record Incident(IReadOnlyList<AlertRow> Alerts)
{
    /// <summary>What it is.</summary>
    public AlertKind Kind => Alerts[0].Kind;

    /// <summary>What it is known by on a page.</summary>
    public string Id => Alerts.Count == 1 ? Alerts[0].Id.ToString(CultureInfo.InvariantCulture) : $"{Kind} {CauseOf(Alerts[0])}";

    /// <summary>By what its notes and its owner are known: its cause.</summary>
    public CaseSubject Subject => new(CaseKind.Incident, $"{Kind} {CauseOf(Alerts[0]).ReplaceLineEndings(" ")}".Trim());

    /// <summary>How pressing it is.</summary>
    public AlertLevel Level => Alerts.Max(static alert => alert.Level);

    /// <summary>Since when the first of it waits, Unix milliseconds.</summary>
    public long SinceMs => Alerts.Min(Since);

    /// <summary>Those that nobody has acknowledged.</summary>
    public IReadOnlyList<long> News => [.. Alerts.Where(static alert => alert.IsNews).Select(static alert => alert.Id)];

    /// <summary>Whether it is still to be acknowledged.</summary>
    public bool IsNews => Alerts.Any(static alert => alert.IsNews);

    /// <summary>What is the matter, in a few words.</summary>
    public string Title(string currency) =>
        Alerts.Count == 1
            ? AlertWords.Title(Alerts[0], currency)
            : Kind switch
            {
                AlertKind.FailedOrder => $"{Count} orders failed{Of(Alerts[0].Facts.PackageName)}",
                AlertKind.StuckOrder =>
                    $"{Count} orders {(Level == AlertLevel.Error ? "are stuck" : "are slow")}{Of(Alerts[0].Facts.PackageName)}",
                AlertKind.FailedTopUp => $"{Count} top-ups failed",
                _ => $"{Count} × {AlertWords.Title(Alerts[0], currency)}",
            };

    /// <summary>More about it; empty where there is no more.</summary>
    public string Detail(string currency) => Alerts.Count > 1 && Kind == AlertKind.StuckOrder ? "" : AlertWords.Detail(Alerts[0], currency);

    /// <summary>Where to see it: the one, or the list of all that have its cause.</summary>
    public string Href =>
        Alerts.Count == 1
            ? AlertWords.Href(Alerts[0])
            : Kind switch
            {
                AlertKind.FailedOrder => "/orders?show=failed"
                    + Query("error", Alerts[0].Facts.ErrorCode)
                    + Query("package", Alerts[0].Facts.PackageName),
                AlertKind.StuckOrder => "/orders?show=stuck&sort=oldest",
                AlertKind.FailedTopUp => "/top-ups?show=open" + Query("error", Alerts[0].Facts.ErrorCode),
                _ => AlertWords.Href(Alerts[0]),
            };

    /// <summary>Alerts by their causes: those with news first, then the most pressing, then the oldest.</summary>
    public static IReadOnlyList<Incident> Of(IEnumerable<AlertRow> alerts) =>
        [
            .. alerts
                .GroupBy(static alert => (alert.Kind, Cause: CauseOf(alert)))
                .Select(static group => new Incident([.. group.OrderByDescending(static alert => alert.IsNews).ThenBy(Since)]))
                .OrderByDescending(static incident => incident.IsNews)
                .ThenByDescending(static incident => incident.Level)
                .ThenBy(static incident => incident.Kind is AlertKind.NoSecret or AlertKind.LowBalance ? 0 : 1)
                .ThenBy(static incident => incident.SinceMs),
        ];

    private string Count => Alerts.Count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string CauseOf(AlertRow alert) =>
        alert.Kind switch
        {
            AlertKind.FailedOrder => $"{alert.Facts.PackageName}\n{alert.Facts.ErrorCode ?? alert.Facts.ErrorMessage}",
            AlertKind.StuckOrder => alert.Facts.PackageName ?? "",
            AlertKind.FailedTopUp => alert.Facts.ErrorCode ?? alert.Facts.ErrorMessage ?? "",
            _ => alert.Key,
        };

    private static long Since(AlertRow alert) => alert.Facts.SinceMs is > 0 and var since ? since : alert.RaisedAtMs;

    private static string Of(string? package) => string.IsNullOrEmpty(package) ? "" : $": {JsonText.MakeVisible(package)}";

    private static string Query(string name, string? value) => string.IsNullOrEmpty(value) ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
