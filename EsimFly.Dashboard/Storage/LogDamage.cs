using System.Globalization;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// The entries of the event log that its database could not read since the start: they are passed over, and all others are there.
/// </summary>
internal sealed class LogDamage
{
    private const int MostNamed = 20;

    private readonly Lock gate = new();
    private readonly SortedSet<long> entries = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>Their numbers, as in <c>12–15, 20</c>.</summary>
    public string Numbers
    {
        get
        {
            lock (gate)
            {
                return Ranges();
            }
        }
    }

    /// <summary>An entry could not be read.</summary>
    public void Note(long seq)
    {
        lock (gate)
        {
            entries.Add(seq);
        }
    }

    private string Ranges()
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var seq in entries)
        {
            if (ranges.Count > 0 && ranges[^1].Last == seq - 1)
            {
                ranges[^1] = (ranges[^1].First, seq);
            }
            else
            {
                ranges.Add((seq, seq));
            }
        }

        var named = ranges
            .Take(MostNamed)
            .Select(static range =>
                range.First == range.Last
                    ? range.First.ToString(CultureInfo.InvariantCulture)
                    : string.Create(CultureInfo.InvariantCulture, $"{range.First}–{range.Last}")
            );
        return string.Join(", ", named) + (ranges.Count > MostNamed ? ", …" : "");
    }
}
