using System.Globalization;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Events;

/// <summary>Events in plain words, with an icon and a colour.</summary>
internal static class EventLooks
{
    public static StatusLook Of(EventType type) =>
        type switch
        {
            EventType.OrderCreated => new("Order created", Icons.Material.Outlined.AddShoppingCart, Color.Info),
            EventType.OrderCompleted => new("Order completed", Icons.Material.Outlined.CheckCircle, Color.Success),
            EventType.OrderFailed => new("Order failed", Icons.Material.Outlined.ErrorOutline, Color.Error),
            EventType.EsimProvisioned => new("eSIM provisioned", Icons.Material.Outlined.SimCard, Color.Success),
            EventType.EsimInstalled => new("eSIM installed", Icons.Material.Outlined.PhonelinkSetup, Color.Info),
            EventType.EsimProfileUpdated => new("Profile updated", Icons.Material.Outlined.PhoneIphone, Color.Info),
            EventType.EsimActivated => new("eSIM activated", Icons.Material.Outlined.SignalCellularAlt, Color.Success),
            EventType.EsimStatusChanged => new("Plan status changed", Icons.Material.Outlined.SwapHoriz, Color.Info),
            EventType.EsimUsageThreshold => new("Data running low", Icons.Material.Outlined.DataUsage, Color.Warning),
            EventType.EsimExpired => new("eSIM expired", Icons.Material.Outlined.EventBusy, Color.Dark),
            EventType.TopUpCompleted => new("Top-up completed", Icons.Material.Outlined.AddCircleOutline, Color.Success),
            EventType.TopUpFailed => new("Top-up failed", Icons.Material.Outlined.ErrorOutline, Color.Error),
            EventType.BalanceLow => new("Balance low", Icons.Material.Outlined.AccountBalanceWallet, Color.Warning),
            EventType.OrderObserved => new("Order read", Icons.Material.Outlined.CloudDownload, Color.Default),
            EventType.EsimObserved => new("eSIM read", Icons.Material.Outlined.CloudDownload, Color.Default),
            EventType.BalanceObserved => new("Balance read", Icons.Material.Outlined.CloudDownload, Color.Default),
            _ => new(type.ToString(), Icons.Material.Outlined.HelpOutline, Color.Default),
        };

    /// <summary>The facts that matter, in a few words; empty where there are none.</summary>
    public static string Details(EventType type, EventFacts facts, string currency) => InWords(type, facts, facts.Currency ?? currency);

    private const string FromApi = "from eSIMfly’s API";

    private static string InWords(EventType type, EventFacts facts, string currency) =>
        type switch
        {
            EventType.OrderCreated => Join(
                facts.PackageName ?? facts.PackageCode,
                facts.Quantity is { } quantity ? $"{Number(quantity)} ×" : null,
                facts.Amount is null ? null : Money.Show(facts.Amount, currency)
            ),
            EventType.OrderCompleted => facts.Esims is { } esims ? $"{esims.Count} eSIM{(esims.Count == 1 ? "" : "s")}" : "",
            EventType.OrderFailed => Join(facts.ErrorCode, facts.ErrorMessage, facts.CanRetry == true ? "can be retried" : null),
            EventType.TopUpFailed => Join(facts.ErrorCode, facts.ErrorMessage),
            EventType.TopUpCompleted => Join(
                facts.PackageName ?? facts.PackageCode,
                facts.Amount is null ? null : Money.Show(facts.Amount, currency)
            ),
            EventType.EsimProfileUpdated => Join(Change(facts.PreviousStatus, facts.StatusLabel ?? facts.Status), Device(facts)),
            EventType.EsimInstalled => Join(facts.PackageName ?? facts.PackageCode, Device(facts)),
            EventType.EsimStatusChanged => Join(Change(facts.PreviousStatus, facts.Status)),
            EventType.EsimUsageThreshold => Join(
                Usage(facts),
                facts.ThresholdRemainingMb is { } threshold ? $"below {Number(threshold)} MB" : null
            ),
            EventType.EsimExpired => Join(facts.PackageName, Usage(facts)),
            EventType.BalanceLow => Join(
                facts.Balance is null ? null : Money.Show(facts.Balance, currency),
                facts.Threshold is null ? null : $"below {Money.Show(facts.Threshold, currency)}"
            ),
            EventType.OrderObserved => Join(
                FromApi,
                facts.Status,
                facts.PackageName ?? facts.PackageCode,
                facts.Amount is null ? null : Money.Show(facts.Amount, currency)
            ),
            EventType.EsimObserved => Join(
                FromApi,
                facts.Status is null ? null : StatusWords.Of(facts.Status),
                facts.ProfileStatus is null ? null : StatusWords.Of(facts.ProfileStatus),
                Usage(facts),
                facts.Network is { } network ? $"on {network}" : null,
                facts.WrongNetworks > 0 ? $"{facts.WrongNetworks} contacts outside its plan" : null
            ),
            EventType.BalanceObserved => Join(FromApi, Money.Show(facts.Balance, currency)),
            _ => Join(facts.PackageName ?? facts.PackageCode),
        };

    private static string? Device(EventFacts facts) => facts.Eid is { } eid ? $"{Identity.Eid.Word} {Identity.Shorten(eid)}" : null;

    private static string? Usage(EventFacts facts) =>
        facts.DataTotalGb is { } total ? $"{Number(facts.DataUsedGb ?? 0)} of {Number(total)} GB used" : null;

    private static string? Change(string? before, string? after) =>
        (before, after) switch
        {
            (null, null) => null,
            (null, _) => StatusWords.Of(after),
            _ => $"{StatusWords.Of(before)} → {(after is null ? "?" : StatusWords.Of(after))}",
        };

    private static string Number(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Join(params IEnumerable<string?> parts) =>
        JsonText.MakeVisible(string.Join(" · ", parts.Where(part => part is not null)));
}
