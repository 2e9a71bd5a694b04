namespace EsimFly.Dashboard.Desk.Health;

/// <summary>How long deliveries took from their arrival to the end of their processing, in milliseconds.</summary>
internal sealed class ProcessTimes
{
    private readonly List<(long Ms, long Count)> sorted;
    private readonly long total;

    /// <summary>Takes the times and how often each occurred, in any order.</summary>
    public ProcessTimes(IEnumerable<(long Ms, long Count)> counted)
    {
        // A clock may have been set back.
        sorted = [.. counted.Select(item => (Math.Max(0, item.Ms), item.Count)).OrderBy(item => item.Item1)];
        total = sorted.Sum(item => item.Count);
    }

    /// <summary>The mean; null where there are none.</summary>
    public double? AverageMs => total == 0 ? null : Math.Round(sorted.Sum(item => (double)item.Ms * item.Count) / total, 1);

    /// <summary>The smallest time that so many per cent of all do not exceed (the nearest rank); null where there are none.</summary>
    public long? At(int percent)
    {
        var rank = (long)Math.Ceiling(total * percent / 100.0);
        foreach (var (ms, count) in sorted)
        {
            rank -= count;
            if (rank <= 0)
            {
                return ms;
            }
        }

        return null;
    }
}
