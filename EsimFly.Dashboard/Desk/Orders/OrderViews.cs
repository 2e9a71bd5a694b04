using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>The ways to look at the orders, as the page, its address and its export name them.</summary>
internal static class OrderViews
{
    /// <summary>Their names in the address and on the page.</summary>
    public static IReadOnlyList<(string Value, string Word)> Choices { get; } =
    [
        ("processing", "Processing"),
        ("stuck", "Stuck"),
        ("completed", "Completed"),
        ("failed", "Failed"),
        ("failed-today", "Failed today"),
        ("retry", "Failed, can be retried"),
        ("final", "Failed for good"),
    ];

    /// <summary>Whether failed orders are looked at, which differ by error and package.</summary>
    public static bool IsOfFailures(string? show) => show is "failed" or "failed-today" or "retry" or "final";

    /// <summary>The filter of a view.</summary>
    public static OrderFilter Filter(
        string? search,
        string? show,
        string? error,
        string? package,
        bool isOldestFirst,
        Thresholds thresholds,
        long nowMs,
        long todayStartMs
    )
    {
        OrderStatus? status = show switch
        {
            "processing" or "stuck" => OrderStatus.Processing,
            "completed" => OrderStatus.Completed,
            "failed" or "failed-today" or "retry" or "final" => OrderStatus.Failed,
            _ => null,
        };
        return new OrderFilter(search, status)
        {
            CanRetry = show switch
            {
                "retry" => true,
                "final" => false,
                _ => null,
            },
            ErrorCode = IsOfFailures(show) ? error : null,
            FailedPackage = IsOfFailures(show) ? package : null,
            PackageName = IsOfFailures(show) ? null : package,
            WaitingSinceMs = string.Equals(show, "stuck", StringComparison.Ordinal)
                ? nowMs - (long)TimeSpan.FromMinutes(thresholds.StuckMinutes).TotalMilliseconds
                : null,
            FailedSinceMs = show is "failed-today" ? todayStartMs : null,
            IsOldestFirst = isOldestFirst,
        };
    }

    /// <summary>A view in words, for the audit log.</summary>
    public static string Describe(string? search, string? show, string? error, string? package) =>
        $"show {show ?? "all"}, search “{search}”, error {error ?? "any"}, package {package ?? "any"}";
}
