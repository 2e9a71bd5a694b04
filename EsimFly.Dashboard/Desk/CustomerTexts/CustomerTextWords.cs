using System.Globalization;
using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Desk.Customers;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.CustomerTexts;

/// <summary>How the texts are called, which of them fits, and what stands in the place of their placeholders. Pure.</summary>
internal static class CustomerTextWords
{
    /// <summary>What a text is for.</summary>
    public static string Of(CustomerText kind) =>
        kind switch
        {
            CustomerText.Install => "How to install it",
            CustomerText.InstallByHand => "How to install it by hand",
            CustomerText.SwitchedOff => "It is switched off",
            CustomerText.UsedUp => "It is used up",
            CustomerText.Expired => "It has expired",
            _ => "It is topped up",
        };

    /// <summary>Whether it has a code in it, and so can only be written while one is revealed.</summary>
    public static bool NeedsCode(CustomerText kind) => kind is CustomerText.Install or CustomerText.InstallByHand;

    /// <summary>The text that an eSIM's state suggests.</summary>
    public static CustomerText Suggest(EsimEntity esim) =>
        esim.PlanStatus switch
        {
            PlanStatus.Depleted => CustomerText.UsedUp,
            PlanStatus.Expired => CustomerText.Expired,
            _ => esim.ProfileStatus == ProfileStatus.Disabled ? CustomerText.SwitchedOff : CustomerText.ToppedUp,
        };

    /// <summary>The values of an eSIM, those of a revealed code among them where there is one.</summary>
    public static IReadOnlyDictionary<string, string?> Values(
        EsimEntity? esim,
        string iccid,
        string? package,
        string? order,
        Customer? customer,
        RevealedCode? code,
        ViewerClock clock
    ) =>
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["customer"] = customer?.Name,
            ["order"] = order,
            ["package"] = package,
            ["iccid"] = iccid,
            ["activation_code"] = code?.Text,
            ["smdp"] = code?.Server,
            ["matching_id"] = code?.MatchingId,
            ["apple_link"] = code?.AppleInstallLink,
            ["android_link"] = code?.AndroidInstallLink,
            ["confirmation"] = code?.NeedsConfirmation == true ? "yes" : null,
            ["data_used"] = esim?.DataUsedGb?.ToString("0.##", CultureInfo.InvariantCulture),
            ["data_total"] = esim?.DataTotalGb?.ToString("0.##", CultureInfo.InvariantCulture),
            ["expires"] = esim?.ExpiresAtMs is { } at ? clock.Local(at, "d MMM yyyy, HH:mm") : null,
        };
}
