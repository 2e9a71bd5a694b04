namespace EsimFly.Dashboard.Desk.Health;

/// <summary>Counts of the last so many slots, of which only those that can still grow are counted again.</summary>
/// <param name="slotMs">How long a slot is, in milliseconds.</param>
/// <param name="count">How many slots.</param>
internal sealed class RollingRates(long slotMs, int count)
{
    private readonly double[] values = new double[count];
    private long firstSlot = long.MinValue;

    /// <summary>The counts, oldest first; the last slot is the present one.</summary>
    public IReadOnlyList<double> Values { get; private set; } = new double[count];

    /// <summary>All of them together.</summary>
    public double Total => Values.Sum();

    /// <summary>When a slot begins, Unix milliseconds.</summary>
    public long StartOf(int index) => (firstSlot + index) * slotMs;

    /// <summary>Brings them up to date.</summary>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    /// <param name="readAsync">Counts from an instant on: see <see cref="RateQueries.CountAsync"/>.</param>
    public async Task UpdateAsync(long nowMs, Func<long, Task<IReadOnlyDictionary<long, int>>> readAsync)
    {
        var first = (nowMs / slotMs) - count + 1;
        var moved = firstSlot == long.MinValue ? count : Math.Clamp(first - firstSlot, 0, count);
        // A delivery gets its time a moment before its commit, so the slot before the present one may still grow.
        var fresh = (int)Math.Max(0, count - moved - 2);
        var counted = await readAsync((first + fresh) * slotMs);
        Array.Copy(values, moved, values, 0, count - moved);
        for (var i = fresh; i < count; i++)
        {
            values[i] = counted.GetValueOrDefault(i - fresh);
        }

        firstSlot = first;
        Values = [.. values];
    }
}
