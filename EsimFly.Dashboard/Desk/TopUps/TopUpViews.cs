namespace EsimFly.Dashboard.Desk.TopUps;

/// <summary>The ways to look at the top-ups, as the page, its address and its export name them.</summary>
internal static class TopUpViews
{
    /// <summary>Their names in the address and on the page.</summary>
    public static IReadOnlyList<(string Value, string Word)> Choices { get; } =
    [("open", "Failed, open"), ("failed", "All failed"), ("completed", "Topped up")];

    /// <summary>The filter of a view.</summary>
    public static TopUpFilter Filter(string? search, string? show, string? error, bool isOldestFirst) =>
        new(
            search,
            show switch
            {
                "open" or "failed" => false,
                "completed" => true,
                _ => null,
            },
            show is "open",
            error
        )
        {
            IsOldestFirst = isOldestFirst,
        };
}
