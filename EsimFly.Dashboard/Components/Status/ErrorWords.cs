using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Components.Status;

/// <summary>eSIMfly's error codes in plain English, each with what to do.</summary>
internal static class ErrorWords
{
    private const string TopUpNotAllowed = "TOPUP_NOT_ALLOWED";

    private const string CheckWhetherItEnded =
        "Check whether its plan has ended: then sell the customer a new eSIM. If it goes on, send eSIMfly the evidence.";

    // None of these says that the plan ended.
    private static readonly string[] OfPackage = ["ESIM_NOT_TOPPABLE", "TOPUP_NOT_SUPPORTED"];

    private static readonly Dictionary<string, (string Says, string Next)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PROVIDER_ERROR"] = (
            "The network's provider had a temporary problem.",
            "Order again in a few minutes. If it fails twice, offer another package."
        ),
        ["SERVICE_UNAVAILABLE"] = ("eSIMfly's service could not be reached by its provider.", "Order again in a few minutes."),
        ["INSUFFICIENT_BALANCE"] = ("Your balance at eSIMfly does not cover the price.", "Top up the balance, then order again."),
        ["PACKAGE_NOT_FOUND"] = (
            "eSIMfly does not know this package.",
            "Look the package up in the catalogue and order it by its present code."
        ),
        ["PACKAGE_NOT_AVAILABLE"] = ("The package is not sold at present.", "Offer the customer a similar package."),
        ["PRICE_MISMATCH"] = ("The price has changed since it was quoted.", "Refresh the catalogue and order at the present price."),
        ["ORDER_PROCESSING_ERROR"] = (
            "eSIMfly could not process the order.",
            "Send eSIMfly the evidence; order again once they have answered."
        ),
        [TopUpNotAllowed] = ("This eSIM cannot be topped up now.", CheckWhetherItEnded),
        ["ESIM_NOT_TOPPABLE"] = ("This kind of eSIM cannot be topped up.", "Sell the customer a new eSIM."),
        ["TOPUP_NOT_SUPPORTED"] = ("The package does not support top-ups.", "Sell the customer a new eSIM."),
        ["ESIM_NOT_FOUND"] = ("eSIMfly does not know this eSIM.", "Check the ICCID; then send eSIMfly the evidence."),
        ["INVALID_ICCID"] = ("The ICCID is not one that eSIMfly accepts.", "Check the ICCID with the customer."),
        ["DAILY_LIMIT_EXCEEDED"] = (
            "The account's limit for the day is reached.",
            "Try again tomorrow, or ask eSIMfly for a higher limit."
        ),
        ["RATE_LIMIT_EXCEEDED"] = ("Too many requests were made at once.", "Wait a minute and try again."),
        ["SYSTEM_ERROR"] = ("Something failed inside eSIMfly.", "Try again later; if it goes on, send eSIMfly the evidence."),
    };

    /// <summary>What a code means; null where it is not known.</summary>
    public static string? Says(string? code) => code is not null && Known.TryGetValue(code.Trim(), out var words) ? words.Says : null;

    /// <summary>What to do about a top-up that failed, by how the eSIM's plan stands; null where that is not known.</summary>
    public static string NextOfTopUp(string? code, bool? canRetry, PlanStatus? plan)
    {
        var name = code?.Trim();
        var isOver = plan is PlanStatus.Expired or PlanStatus.Cancelled;
        var goesOn = plan is PlanStatus.Active or PlanStatus.New or PlanStatus.Depleted;
        if (string.Equals(name, TopUpNotAllowed, StringComparison.OrdinalIgnoreCase))
        {
            return isOver ? "Its plan has ended: sell the customer a new eSIM."
                : goesOn
                    ? "Its plan has not ended, so that is not the reason. Check that its package allows top-ups, and with this one; "
                        + "then send eSIMfly the evidence."
                : CheckWhetherItEnded;
        }

        return goesOn && OfPackage.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? "Sell the customer a second eSIM, or a new one once this plan has ended."
            : Next(code, canRetry);
    }

    /// <summary>What to do about it.</summary>
    public static string Next(string? code, bool? canRetry) =>
        code is not null && Known.TryGetValue(code.Trim(), out var words)
            ? words.Next
            : canRetry switch
            {
                true => "Try again in a few minutes.",
                false => "Trying again will not help: send eSIMfly the evidence, or offer something else.",
                _ => "Send eSIMfly the evidence and ask what it means.",
            };
}
