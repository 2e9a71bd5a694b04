using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>The ways to look at the eSIMs, as the page, its address and its export name them.</summary>
internal static class EsimViews
{
    /// <summary>Their names in the address and on the page.</summary>
    public static IReadOnlyList<(string Value, string Word)> Choices { get; } =
    [
        ("new", "New"),
        ("active", "Active"),
        ("24h", "Expiring in 24 h"),
        ("72h", "Expiring in 72 h"),
        ("due", "Due, not reported"),
        ("depleted", "Used up"),
        ("expired", "Expired"),
        ("cancelled", "Cancelled"),
        ("unknown", "Unknown"),
    ];

    /// <summary>Whether the view is sorted by when plans end.</summary>
    public static bool IsByExpiry(string? show, string? sort) => show is "24h" or "72h" or "due" || (show is "active" && sort is ByExpiry);

    /// <summary>In the address: active plans, those that end next first.</summary>
    public const string ByExpiry = "expires";

    /// <summary>The filter of a view.</summary>
    public static EsimFilter Filter(string? search, string? show, string? sort, long nowMs)
    {
        var plan =
            IsByExpiry(show, sort) ? PlanStatus.Active
            : Enum.TryParse<PlanStatus>(show, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed
            : (PlanStatus?)null;
        var filter = new EsimFilter(search, plan) { IsOldestFirst = sort is "oldest" };
        var overdueBeforeMs = PlanExpiry.OverdueBeforeMs(nowMs);
        return show switch
        {
            "24h" => filter with
            {
                ExpiresFromMs = overdueBeforeMs,
                ExpiresBeforeMs = nowMs + (long)TimeSpan.FromHours(24).TotalMilliseconds,
            },
            "72h" => filter with
            {
                ExpiresFromMs = overdueBeforeMs,
                ExpiresBeforeMs = nowMs + (long)TimeSpan.FromHours(72).TotalMilliseconds,
            },
            "active" when sort is ByExpiry => filter with { ExpiresFromMs = 0 },
            "due" => filter with { ExpiresBeforeMs = overdueBeforeMs },
            _ => filter,
        };
    }
}
