using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Projection.Folds;

/// <summary>
/// An event's place in the order that all folds use: by the time at which what it reports took place, where it says so, else by its
/// timestamp; then by causal rank, then by the hash of its body. An
/// event without a timestamp comes before all others, so that every dated word overrides it. When a delivery arrived plays
/// no part, so any order of arrival ends in the same rows.
/// </summary>
/// <param name="OccurredAtMs">When it took place, Unix milliseconds.</param>
/// <param name="Rank">See <see cref="EventTypes.CausalRank"/>.</param>
/// <param name="BodyHash">The hash of the signed bytes in hexadecimal.</param>
internal sealed record FoldKey(long? OccurredAtMs, int Rank, string BodyHash) : IComparable<FoldKey>
{
    // Clocks differ by that much; nothing is reported before it takes place.
    private const long ToleranceMs = 60_000;

    /// <summary>The key of an event.</summary>
    /// <param name="timestampMs">Its timestamp, Unix milliseconds.</param>
    /// <param name="happenedAtMs">
    /// When what it reports took place, where it says so; not believed where that lies after the timestamp.
    /// </param>
    /// <param name="type">Its type.</param>
    /// <param name="bodyHash">The hash of the signed bytes.</param>
    public static FoldKey Of(long? timestampMs, long? happenedAtMs, EventType type, byte[] bodyHash)
    {
        var at = happenedAtMs is { } happened && (timestampMs is null || happened <= timestampMs + ToleranceMs) ? happened : timestampMs;
        return new(at, type.CausalRank(), Convert.ToHexStringLower(bodyHash));
    }

    /// <inheritdoc/>
    public int CompareTo(FoldKey? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byTime = Nullable.Compare(OccurredAtMs, other.OccurredAtMs);
        if (byTime != 0)
        {
            return byTime;
        }

        var byRank = Rank.CompareTo(other.Rank);
        return byRank != 0 ? byRank : string.CompareOrdinal(BodyHash, other.BodyHash);
    }
}
