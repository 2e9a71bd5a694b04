using System.Globalization;

namespace EsimFly.Dashboard.Contract;

/// <summary>Numbers, spans and sizes as texts have them: what a text repeats of a constant is made from it, never typed. Pure.</summary>
internal static class InWords
{
    private static readonly string[] Small =
    [
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ];

    /// <summary>A count: up to twelve as a word, others in digits, as in <c>1,440</c>.</summary>
    public static string Of(int count) =>
        count >= 0 && count < Small.Length ? Small[count] : count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A span in the largest unit that it is a whole number of: <c>five minutes</c>, <c>24 hours</c>, <c>three days</c>.</summary>
    public static string Of(TimeSpan span) =>
        span switch
        {
            { TotalDays: >= 2 } when span.Ticks % TimeSpan.TicksPerDay == 0 => With((int)span.TotalDays, "day"),
            { TotalHours: >= 1 } when span.Ticks % TimeSpan.TicksPerHour == 0 => With((int)span.TotalHours, "hour"),
            { TotalMinutes: >= 1 } when span.Ticks % TimeSpan.TicksPerMinute == 0 => With((int)span.TotalMinutes, "minute"),
            _ => With((int)span.TotalSeconds, "second"),
        };

    /// <summary>A size, as in <c>16 KB</c>.</summary>
    public static string OfBytes(long bytes) =>
        bytes % (1024 * 1024) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024 * 1024):#,0} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:#,0} KB");

    private static string With(int count, string unit) => $"{Of(count)} {unit}{(count == 1 ? "" : "s")}";
}

/// <summary>What a number may be. A form's limits, the check and its message are all made from it.</summary>
internal readonly record struct Bounds(int Least, int Most)
{
    /// <summary>Whether a number is within.</summary>
    public bool Has(int value) => value >= Least && value <= Most;

    /// <summary>As in <c>1 to 1,440</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Least:#,0} to {Most:#,0}");
}
