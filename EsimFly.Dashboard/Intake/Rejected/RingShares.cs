using EsimFly.Dashboard.Intake.Receiving;

namespace EsimFly.Dashboard.Intake.Rejected;

/// <summary>
/// Which refused requests make room for others. Noise goes before what a secret that is not known yet may have signed, and that before
/// what a known one had signed; of a kind the heaviest sender goes first, and of a sender the oldest. A few of each kind always stay.
/// </summary>
internal static class RingShares
{
    // What stays of a kind though there are others to keep: for people to see.
    private const int LeastOfAKind = 50;

    /// <summary>What a request may be.</summary>
    /// <param name="reason">Why it was refused, as a code.</param>
    /// <param name="isSigned">Whether a known secret had signed it.</param>
    /// <param name="isVerifiable">Whether it is kept whole, with a signature of the right form.</param>
    public static RefusedKind KindOf(string reason, bool isSigned, bool isVerifiable) =>
        isSigned ? RefusedKind.Signed
        : isVerifiable && Refusal.Find(reason) is { IsVerifiableLater: true } ? RefusedKind.PerhapsSigned
        : RefusedKind.Noise;

    /// <summary>The requests that have to go so that the rest is within both bounds.</summary>
    /// <param name="kept">All that there are, oldest first.</param>
    /// <param name="maxRows">How many may stay.</param>
    /// <param name="maxBytes">How many bytes may stay.</param>
    public static IEnumerable<long> ToRemove(IReadOnlyList<RingRow> kept, int maxRows, long maxBytes)
    {
        var (rows, bytes) = (kept.Count, kept.Sum(static row => row.Bytes));
        if (rows <= maxRows && bytes <= maxBytes)
        {
            yield break;
        }

        // By kind and sender, each a queue of its rows.
        var kinds = kept.GroupBy(static row => row.Kind).OrderBy(static kind => kind.Key).Select(static kind => new Share(kind)).ToList();
        while (rows > maxRows || bytes > maxBytes)
        {
            var share = kinds.Find(static kind => kind.Rows > LeastOfAKind) ?? kinds.MaxBy(static kind => kind.Bytes)!;
            var gone = share.TakeOldestOfTheHeaviest();
            rows--;
            bytes -= gone.Bytes;
            yield return gone.Id;
        }
    }

    /// <summary>The rows of a kind, by sender.</summary>
    private sealed class Share
    {
        private readonly Dictionary<string, (long Bytes, Queue<RingRow> Rows)> senders;

        public Share(IEnumerable<RingRow> rows)
        {
            senders = rows.GroupBy(static row => row.Sender, StringComparer.Ordinal)
                .ToDictionary(
                    static sender => sender.Key,
                    static sender => (sender.Sum(static row => row.Bytes), new Queue<RingRow>(sender)),
                    StringComparer.Ordinal
                );
            Rows = senders.Values.Sum(static sender => sender.Rows.Count);
            Bytes = senders.Values.Sum(static sender => sender.Bytes);
        }

        public int Rows { get; private set; }

        public long Bytes { get; private set; }

        public RingRow TakeOldestOfTheHeaviest()
        {
            var (name, (weight, rows)) = senders.MaxBy(static sender => sender.Value.Bytes);
            var gone = rows.Dequeue();
            if (rows.Count == 0)
            {
                senders.Remove(name);
            }
            else
            {
                senders[name] = (weight - gone.Bytes, rows);
            }

            Rows--;
            Bytes -= gone.Bytes;
            return gone;
        }
    }
}

/// <summary>A refused request as far as its weight goes.</summary>
internal readonly record struct RingRow(long Id, long Bytes, string Sender, RefusedKind Kind);

/// <summary>What a refused request may be, from what goes first to what goes last.</summary>
internal enum RefusedKind
{
    /// <summary>No secret makes it good.</summary>
    Noise,

    /// <summary>A secret that is not known here may have signed it.</summary>
    PerhapsSigned,

    /// <summary>A known secret had signed it.</summary>
    Signed,
}
