namespace EsimFly.Dashboard.Deliveries;

/// <summary>How long deliveries took from their arrival to the end of their processing, in milliseconds.</summary>
internal sealed class ProcessTimes
{
    private readonly List<long> sorted;

    /// <summary>Takes the times, in any order.</summary>
    public ProcessTimes(IEnumerable<long> milliseconds)
    {
        sorted = [.. milliseconds.Select(time => Math.Max(0, time))]; // a clock may have been set back
        sorted.Sort();
    }

    /// <summary>The mean; null where there are none.</summary>
    public double? AverageMs => sorted.Count == 0 ? null : Math.Round(sorted.Average(), 1);

    /// <summary>The smallest time that so many per cent of all do not exceed (the nearest rank); null where there are none.</summary>
    public long? At(int percent) => sorted.Count == 0 ? null : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100.0) - 1)];
}
