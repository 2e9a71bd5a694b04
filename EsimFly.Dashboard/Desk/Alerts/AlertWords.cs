using System.Globalization;
using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>Alerts in plain words.</summary>
internal static class AlertWords
{
    /// <summary>What is the matter, in a few words.</summary>
    public static string Title(AlertRow alert, string currency) =>
        alert.Kind switch
        {
            AlertKind.LowBalance => $"Balance low: {Money.Show(alert.Facts.Balance, alert.Facts.Currency ?? currency)}",
            AlertKind.FailedOrder => $"Order {Key(alert)} failed",
            AlertKind.StuckOrder => alert.Level == AlertLevel.Error ? $"Order {Key(alert)} is stuck" : $"Order {Key(alert)} is slow",
            AlertKind.FailedTopUp => $"Top-up of {Key(alert)} failed",
            AlertKind.DeadDeliveries => $"{Many(alert, "delivery", "deliveries")} could not be processed",
            AlertKind.QuarantinedDeliveries => $"{Many(alert, "delivery", "deliveries")} cannot be used",
            AlertKind.Rejections => $"{Many(alert, "request", "requests")} rejected within {InWords.Of(Thresholds.BurstWindow)}",
            AlertKind.NoSecret => "No signing secret is set",
            AlertKind.ManyReveals => $"{Key(alert)} revealed {Many(alert, "code", "codes")} within {InWords.Of(CodeReveal.Window)}",
            AlertKind.SelfCheckFailed => "The self-check found differences",
            AlertKind.DiskLow => "The disk is nearly full",
            AlertKind.LogDamaged => $"{Many(alert, "entry", "entries")} of the event log cannot be read",
            _ => "Nothing has come for long",
        };

    /// <summary>More about it, in a sentence; empty where there is no more.</summary>
    public static string Detail(AlertRow alert, string currency) =>
        alert.Kind switch
        {
            AlertKind.LowBalance => $"Below the threshold of {Money.Show(alert.Facts.Threshold, alert.Facts.Currency ?? currency)}. "
                + "When it is used up, orders fail.",
            AlertKind.FailedOrder or AlertKind.FailedTopUp => Reason(alert),
            AlertKind.StuckOrder => Visible(alert.Facts.PackageName),
            AlertKind.DeadDeliveries =>
                $"{Event(alert)}: tried {InWords.Of(FoldTries.Most)} times and kept; to be processed again once the cause is gone.",
            AlertKind.QuarantinedDeliveries => $"{Event(alert)}: signed and kept, but not what the desk knows.",
            AlertKind.SelfCheckFailed =>
                "Orders or eSIMs differ from what their events say. Compare under Deliveries, Rebuild, and apply what it finds.",
            AlertKind.DiskLow => "Every delivery is answered 503, so eSIMfly sends it again for a while, and then gives up. "
                + "Free space on the server’s disk.",
            AlertKind.LogDamaged =>
                "The database's file is damaged there. All else is shown. /health/ready names the entries: restore a backup that "
                    + "has them.",
            AlertKind.ManyReveals => "Each look is in the audit log. Ask them; if it was not them, disable the account.",
            AlertKind.NoSecret =>
                "Every delivery is answered 503, so eSIMfly sends it again for a while, and then gives up. Add its secret under Settings.",
            AlertKind.Rejections when alert.Facts.IsNoise == true =>
                "Deliveries of eSIMfly verify meanwhile, so the secret is right: somebody else sends these.",
            AlertKind.Rejections => string.Equals(alert.Facts.ErrorCode, Refusal.SignatureMismatch.Code, StringComparison.Ordinal)
                ? "Their signatures do not match. A wrong secret in Settings? "
                    + "What is rejected is verified again when the right one is added."
                : $"The most frequent reason: {Sentence(RejectedWords.Of(alert.Facts.ErrorCode ?? ""))}",
            _ => "No delivery from eSIMfly. Are the webhook's address and events still set there?",
        };

    /// <summary>Where to see it.</summary>
    public static string Href(AlertRow alert) =>
        alert.Kind switch
        {
            AlertKind.LowBalance => "/balance",
            AlertKind.FailedOrder or AlertKind.StuckOrder => Links.Order(alert.Key, isTest: false),
            AlertKind.FailedTopUp => Links.Esim(alert.Key, isTest: false),
            AlertKind.DeadDeliveries => "/deliveries?state=dead",
            AlertKind.QuarantinedDeliveries => "/deliveries?state=quarantined",
            AlertKind.NoSecret => "/settings",
            AlertKind.SelfCheckFailed => "/deliveries/rebuild",
            AlertKind.ManyReveals => "/settings/audit?action=code.revealed",
            AlertKind.Rejections => "/deliveries/rejected",
            _ => "/health",
        };

    /// <summary>Its icon and colour.</summary>
    public static StatusLook Look(AlertRow alert) =>
        new(
            alert.Level == AlertLevel.Error ? "Act" : "Watch",
            alert.Kind switch
            {
                AlertKind.LowBalance => Icons.Material.Outlined.AccountBalanceWallet,
                AlertKind.FailedOrder => Icons.Material.Outlined.ErrorOutline,
                AlertKind.StuckOrder => Icons.Material.Outlined.HourglassBottom,
                AlertKind.FailedTopUp => Icons.Material.Outlined.ErrorOutline,
                AlertKind.DeadDeliveries => Icons.Material.Outlined.Dangerous,
                AlertKind.QuarantinedDeliveries => Icons.Material.Outlined.Block,
                AlertKind.NoSecret => Icons.Material.Outlined.KeyOff,
                AlertKind.ManyReveals => Icons.Material.Outlined.Visibility,
                AlertKind.DiskLow => Icons.Material.Outlined.Storage,
                AlertKind.LogDamaged => Icons.Material.Outlined.BrokenImage,
                AlertKind.SelfCheckFailed => Icons.Material.Outlined.Difference,
                AlertKind.Rejections => Icons.Material.Outlined.GppBad,
                _ => Icons.Material.Outlined.NotificationsPaused,
            },
            alert switch
            {
                { EndedAtMs: not null } => Color.Default,
                { Level: AlertLevel.Error } => Color.Error,
                _ => Color.Warning,
            }
        );

    private static string Key(AlertRow alert) => Visible(alert.Key);

    private static string Event(AlertRow alert) => alert.Key.Length == 0 ? "without an event name" : Visible(alert.Key);

    private static string Many(AlertRow alert, string one, string several) =>
        string.Create(CultureInfo.InvariantCulture, $"{alert.Facts.Count ?? 1:#,0} {(alert.Facts.Count is 1 ? one : several)}");

    private static string Reason(AlertRow alert)
    {
        var says =
            ErrorWords.Says(alert.Facts.ErrorCode)
            ?? Sentence(Visible(alert.Facts.ErrorMessage ?? alert.Facts.ErrorCode ?? "eSIMfly did not say why"));
        return alert.Facts.CanRetry == true ? $"{says} It can be tried again." : says;
    }

    private static string Sentence(string words) => words.EndsWith('.') ? words : words + ".";

    private static string Visible(string? text) => JsonText.MakeVisible(text ?? "");
}
