using System.Globalization;

namespace EsimFly.Dashboard.Components.Text;

/// <summary>Lengths of time in words.</summary>
internal static class Spans
{
    /// <summary>A length in its two largest units, such as <c>2 h 5 min</c>; never negative.</summary>
    public static string Words(long ms)
    {
        var span = TimeSpan.FromMilliseconds(Math.Max(0, ms));
        return span switch
        {
            { TotalMinutes: < 1 } => Text($"{span.Seconds} s"),
            { TotalHours: < 1 } => Text($"{span.Minutes} min {span.Seconds:00} s"),
            { TotalDays: < 1 } => Text($"{span.Hours} h {span.Minutes:00} min"),
            { TotalDays: < 14 } => Text($"{span.Days} d {span.Hours} h"),
            _ => Text($"{(int)span.TotalDays} d"),
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
