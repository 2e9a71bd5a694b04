using EsimFly.Dashboard.Components.Viewer;

namespace EsimFly.Dashboard.Components.Tables;

/// <summary>The days that a list is limited to, in the viewer's zone.</summary>
/// <param name="SinceMs">The first instant, Unix milliseconds; null for no limit.</param>
/// <param name="UntilMs">The first instant after them, Unix milliseconds; null for no limit.</param>
public readonly record struct DayRange(long? SinceMs, long? UntilMs)
{
    /// <summary>The ranges that have a name, in the address and on the page.</summary>
    public static IReadOnlyList<(string Value, string Word)> Presets { get; } =
    [
        ("today", "Today"),
        ("yesterday", "Yesterday"),
        ("7d", "Last 7 days"),
        ("30d", "Last 30 days"),
        ("month", "This month"),
        ("last-month", "Last month"),
    ];

    /// <summary>Whether it limits anything.</summary>
    public bool IsSet => SinceMs is not null || UntilMs is not null;

    /// <summary>Reads it from an address: a name, or the first and the last day as yyyy-MM-dd.</summary>
    internal static DayRange Of(ViewerClock clock, string? preset, string? from, string? to)
    {
        var today = DateOnly.FromDateTime(clock.LocalTime(clock.NowMs));
        var month = new DateOnly(today.Year, today.Month, 1);
        return preset switch
        {
            "today" => Days(today, null),
            "yesterday" => Days(today.AddDays(-1), today),
            "7d" => Days(today.AddDays(-6), null),
            "30d" => Days(today.AddDays(-29), null),
            "month" => Days(month, null),
            "last-month" => Days(month.AddMonths(-1), month),
            _ => new(clock.DayStartMs(from), clock.DayStartMs(to, daysLater: 1)),
        };

        DayRange Days(DateOnly first, DateOnly? after) => new(clock.DayStartMs(first), after is { } day ? clock.DayStartMs(day) : null);
    }

    /// <summary>In words, for the audit log: in UTC.</summary>
    public override string ToString() => IsSet ? $"{Words(SinceMs, "the beginning")} to {Words(UntilMs, "now")}" : "any time";

    private static string Words(long? atMs, string without) => atMs is { } at ? ViewerClock.Utc(at) : without;
}
