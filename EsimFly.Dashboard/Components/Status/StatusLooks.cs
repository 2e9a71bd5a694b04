using EsimFly.Dashboard.Storage.Entities;
using MudBlazor;

namespace EsimFly.Dashboard.Components.Status;

/// <summary>The looks of all states, each in one place.</summary>
internal static class StatusLooks
{
    public static StatusLook Test { get; } = new("TEST", Icons.Material.Outlined.Science, Color.Info);

    public static StatusLook Of(OrderStatus status) =>
        status switch
        {
            OrderStatus.Completed => new("Completed", Icons.Material.Outlined.CheckCircle, Color.Success),
            OrderStatus.Failed => new("Failed", Icons.Material.Outlined.ErrorOutline, Color.Error),
            OrderStatus.Cancelled => new("Cancelled", Icons.Material.Outlined.Cancel, Color.Dark),
            _ => new("Processing", Icons.Material.Outlined.HourglassTop, Color.Info),
        };

    public static StatusLook Of(PlanStatus status, string? raw) =>
        status switch
        {
            PlanStatus.New => new(StatusWords.Of(status), Icons.Material.Outlined.RadioButtonUnchecked, Color.Info),
            PlanStatus.Active => new(StatusWords.Of(status), Icons.Material.Outlined.SignalCellularAlt, Color.Success),
            PlanStatus.Depleted => new(StatusWords.Of(status), Icons.Material.Outlined.DataUsage, Color.Warning),
            PlanStatus.Expired => new(StatusWords.Of(status), Icons.Material.Outlined.EventBusy, Color.Dark),
            PlanStatus.Cancelled => new(StatusWords.Of(status), Icons.Material.Outlined.Cancel, Color.Dark),
            _ => new(raw ?? StatusWords.Of(status), Icons.Material.Outlined.HelpOutline, Color.Default),
        };

    public static StatusLook Of(ProfileStatus status, string? raw, bool isInstalled) =>
        status switch
        {
            ProfileStatus.NotInstalled => new(StatusWords.Of(status), Icons.Material.Outlined.PhonelinkErase, Color.Default),
            ProfileStatus.Downloading when isInstalled => new("Installed", Icons.Material.Outlined.PhonelinkSetup, Color.Info),
            ProfileStatus.Downloading => new(StatusWords.Of(status), Icons.Material.Outlined.Downloading, Color.Info),
            ProfileStatus.Enabled => new(StatusWords.Of(status), Icons.Material.Outlined.PhoneIphone, Color.Success),
            ProfileStatus.Disabled => new(StatusWords.Of(status), Icons.Material.Outlined.PhonelinkOff, Color.Warning),
            ProfileStatus.Deleted => new(StatusWords.Of(status), Icons.Material.Outlined.DeleteOutline, Color.Error),
            _ => new(raw ?? StatusWords.Of(status), Icons.Material.Outlined.HelpOutline, Color.Default),
        };

    public static StatusLook Of(DeliveryState state) =>
        state switch
        {
            DeliveryState.Processed => new("Processed", Icons.Material.Outlined.CheckCircle, Color.Success),
            DeliveryState.Failed => new("Retrying", Icons.Material.Outlined.Replay, Color.Warning),
            DeliveryState.Dead => new("Dead", Icons.Material.Outlined.Dangerous, Color.Error),
            DeliveryState.Quarantined => new("Quarantined", Icons.Material.Outlined.Block, Color.Warning),
            _ => new("Pending", Icons.Material.Outlined.HourglassTop, Color.Info),
        };

    public static StatusLook OfOutcome(bool isGood, string good, string bad) =>
        isGood
            ? new(good, Icons.Material.Outlined.CheckCircle, Color.Success)
            : new(bad, Icons.Material.Outlined.ErrorOutline, Color.Error);

    public static StatusLook OfTopUp(bool succeeded) =>
        succeeded
            ? new("Topped up", Icons.Material.Outlined.AddCircleOutline, Color.Success)
            : new("Failed", Icons.Material.Outlined.ErrorOutline, Color.Error);
}
