using System.Collections.Immutable;

namespace EsimFly.Dashboard.Storage;

/// <summary>How often a delivery that cannot be folded is tried, and when.</summary>
internal static class FoldTries
{
    /// <summary>How long after each failed try the next is made.</summary>
    public static readonly ImmutableArray<TimeSpan> Delays =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
    ];

    /// <summary>After so many failed tries it is dead.</summary>
    public static readonly int Most = Delays.Length + 1;
}
