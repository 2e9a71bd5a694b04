namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>
/// That nothing of eSIMfly's has been taken for some time though it sends, and what that means by its schedule. Inferred.
/// </summary>
/// <param name="SinceMs">When the first delivery failed after the last that was taken, Unix milliseconds.</param>
/// <param name="Deliveries">How many deliveries have failed since.</param>
/// <param name="Requests">How many requests that were, as far as they were logged.</param>
/// <param name="Reason">The most frequent reason, as a code.</param>
/// <param name="GivenUp">How many of them eSIMfly no longer sends.</param>
/// <param name="IsCertain">
/// Whether a known secret had signed them; else they may be anybody's, and it is one only as long as nothing verifies.
/// </param>
/// <param name="FirstLossAtMs">When the next of them is sent for the last time, Unix milliseconds; null where all are given up.</param>
public sealed record Outage(long SinceMs, int Deliveries, int Requests, string Reason, int GivenUp, bool IsCertain, long? FirstLossAtMs)
{
    // Fewer that no known secret signed are anybody's noise.
    private const int FewestUnverified = 3;

    /// <summary>The outage that lasts; null where there is none.</summary>
    /// <param name="rows">What failed lately.</param>
    /// <param name="lastTakenAtMs">When a real delivery was last taken, Unix milliseconds; null where none ever was.</param>
    public static Outage? Of(IReadOnlyList<RetryRow> rows, long? lastTakenAtMs)
    {
        var refused = rows.Where(row =>
                !row.IsTest && row.Seq is null && row.Story.State != RetryState.Answered && row.LastSeenAtMs > (lastTakenAtMs ?? 0)
            )
            .ToList();
        var isCertain = refused.Exists(row => row.IsVerified);
        var failing = isCertain ? refused.FindAll(row => row.IsVerified) : refused;
        if (failing.Count == 0)
        {
            return null;
        }

        var requests = failing
            .SelectMany(row => row.Story.Attempts.Select(item => item.Attempt.AtMs))
            .Where(at => at > (lastTakenAtMs ?? 0))
            .ToList();
        var count = requests.Count + failing.Sum(row => row.Suppressed);
        if (!isCertain && count < FewestUnverified)
        {
            return null;
        }

        return new(
            requests.Min(),
            failing.Count,
            count,
            failing.GroupBy(row => row.Reason ?? "", StringComparer.Ordinal).MaxBy(group => group.Count())!.Key,
            failing.Count(row => row.Story.State == RetryState.GivenUp),
            isCertain,
            failing.Where(row => row.Story.State != RetryState.GivenUp).Min(row => row.Story.LastAtMs)
        );
    }
}
