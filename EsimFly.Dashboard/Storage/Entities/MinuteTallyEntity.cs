namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>
/// How many deliveries came within a minute, by outcome and by how long they took, so that charts and percentiles over a week need not
/// read a week of deliveries.
/// </summary>
internal sealed class MinuteTallyEntity : IHasEnvironment
{
    /// <summary>True for test data.</summary>
    public bool IsTest { get; set; }

    /// <summary>Where the minute begins, Unix milliseconds.</summary>
    public long MinuteMs { get; set; }

    /// <summary>The state of the deliveries.</summary>
    public DeliveryState State { get; set; }

    /// <summary>
    /// From receipt to processed, in milliseconds, exact below 100 and to two digits above; <see cref="NotTimed"/> where they were not
    /// processed.
    /// </summary>
    public int TookMs { get; set; }

    /// <summary>How many deliveries first came then.</summary>
    public long Count { get; set; }

    /// <summary>How many requests repeated a delivery that was known.</summary>
    public long Repeats { get; set; }

    /// <summary>Stands for no time.</summary>
    public const int NotTimed = -1;

    /// <summary>A time as it is tallied: exact below 100 ms, two digits above.</summary>
    public static int Rounded(long ms)
    {
        var unit = 1L;
        while (ms / unit >= 100)
        {
            unit *= 10;
        }

        return (int)Math.Min(int.MaxValue, Math.Max(0, ms) / unit * unit);
    }
}
