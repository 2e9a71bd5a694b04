using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>A request that brought a delivery, or was to bring one.</summary>
/// <param name="AtMs">When it came, Unix milliseconds.</param>
/// <param name="Status">The HTTP status that it was answered with; 0 where it got no answer.</param>
/// <param name="DurationUs">From the request to its answer, in microseconds; null where that is not known.</param>
public sealed record Attempt(long AtMs, int Status, long? DurationUs)
{
    /// <summary>The arrival that it was; null where it was refused.</summary>
    public long? ArrivalId { get; init; }

    /// <summary>Its number in the log of refused requests; null where it was kept.</summary>
    public long? RejectedId { get; init; }

    /// <summary>Why it was refused, as a code.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was over, Unix milliseconds: from then on its sender waits.</summary>
    public long EndMs => AtMs + ((DurationUs ?? 0) / 1000);

    /// <summary>Whether its sender takes it for done: success, and in time.</summary>
    internal bool IsDone(ContractVersion contract) =>
        RetrySchedule.Of(contract).IsSuccess(Status) && TimeSpan.FromMicroseconds(DurationUs ?? 0) <= RetrySchedule.Of(contract).Deadline;
}
