using System.Globalization;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>What a delivery changed, in the words of the pages.</summary>
internal static class EffectWords
{
    /// <summary>The field's name.</summary>
    public static string Field(string field) =>
        field switch
        {
            nameof(OrderEntity.OrderReference) => "Reference",
            nameof(OrderEntity.OrderKey) => "Order",
            nameof(OrderEntity.Status) => "State",
            nameof(OrderEntity.PackageCode) => "Package code",
            nameof(OrderEntity.PackageName) => "Package",
            nameof(OrderEntity.ErrorCode) => "Error",
            nameof(OrderEntity.ErrorMessage) => "Error message",
            nameof(OrderEntity.CanRetry) => "Can be retried",
            nameof(OrderEntity.CreatedAtMs) => "Placed",
            nameof(OrderEntity.CompletedAtMs) => "Completed",
            nameof(OrderEntity.FailedAtMs) => "Failed",
            nameof(OrderEntity.EsimCount) => "eSIMs",
            nameof(OrderEntity.Flags) => "Remarks",
            nameof(EsimEntity.PlanStatus) => "Plan",
            nameof(EsimEntity.ProfileStatus) => "Profile",
            nameof(EsimEntity.EsimId) => "eSIMfly's id",
            nameof(EsimEntity.ProvisionedAtMs) => "Made",
            nameof(EsimEntity.InstalledAtMs) => "Installed",
            nameof(EsimEntity.ActivatedAtMs) => "Activated",
            nameof(EsimEntity.ExpiresAtMs) => "Expires",
            nameof(EsimEntity.ExpiredAtMs) => "Expired",
            nameof(EsimEntity.DataUsedGb) => "Data used",
            nameof(EsimEntity.DataTotalGb) => "Data in the plan",
            nameof(EsimEntity.UsageAsOfMs) => "Data as of",
            nameof(EsimEntity.CodesFrom) => "Activation code",
            _ => Identity.OfMember(field)?.Word ?? field,
        };

    /// <summary>The value, in the viewer's zone and the account's currency; null for nothing.</summary>
    public static string? Value(FieldChange change, string? value, SubjectKind kind, ViewerClock clock, string currency)
    {
        if (value is null)
        {
            return null;
        }

        return change.Field switch
        {
            _ when change.Field.EndsWith("Ms", StringComparison.Ordinal) => long.TryParse(
                value,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var at
            )
                ? clock.Short(at)
                : value,
            nameof(OrderEntity.Status) when Enum.TryParse<OrderStatus>(value, out var status) => StatusLooks.Of(status).Word,
            nameof(EsimEntity.PlanStatus) when Enum.TryParse<PlanStatus>(value, out var plan) => StatusLooks.Of(plan, raw: null).Word,
            nameof(EsimEntity.ProfileStatus) when Enum.TryParse<ProfileStatus>(value, out var profile) => StatusLooks
                .Of(profile, raw: null, isInstalled: true)
                .Word,
            nameof(OrderEntity.Flags) => Flags(value, kind),
            nameof(OrderEntity.Amount) when decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) =>
                Money.Show(amount, currency),
            nameof(EsimEntity.DataUsedGb) or nameof(EsimEntity.DataTotalGb) => $"{value} GB",
            nameof(OrderEntity.CanRetry) => string.Equals(value, "True", StringComparison.Ordinal) ? "yes" : "no",
            nameof(EsimEntity.CodesFrom) => "given, sealed in the log",
            nameof(OrderEntity.OrderKey) => value[(value.IndexOf(':', StringComparison.Ordinal) + 1)..],
            _ => value,
        };
    }

    private static string? Flags(string value, SubjectKind kind)
    {
        var words =
            kind == SubjectKind.Order
                ? Enum.TryParse<OrderFlags>(value, out var order)
                    ? FlagWords.Of(order)
                    : [value]
                : Enum.TryParse<EsimFlags>(value, out var esim)
                    ? FlagWords.Of(esim)
                    : [value];
        return string.Join(" ", words) is { Length: > 0 } joined ? joined : null;
    }
}
