using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Projection.Folds;

/// <summary>
/// An event's place in the order that all folds use: by timestamp, then by causal rank, then by the hash of its body. An
/// event without a timestamp comes before all others, so that every dated word overrides it. When a delivery arrived plays
/// no part, so any order of arrival ends in the same rows.
/// </summary>
/// <param name="OccurredAtMs">The timestamp, Unix milliseconds.</param>
/// <param name="Rank">See <see cref="EventTypes.CausalRank"/>.</param>
/// <param name="BodyHash">The hash of the signed bytes in hexadecimal.</param>
internal sealed record FoldKey(long? OccurredAtMs, int Rank, string BodyHash) : IComparable<FoldKey>
{
    /// <summary>The key of an event.</summary>
    public static FoldKey Of(long? occurredAtMs, EventType type, byte[] bodyHash) =>
        new(occurredAtMs, type.CausalRank(), Convert.ToHexStringLower(bodyHash));

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
