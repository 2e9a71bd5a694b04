using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>A delivery that was not answered with success at once, and what is to be expected of it.</summary>
/// <param name="DeliveryId">The id of its requests.</param>
/// <param name="Contract">The contract whose headers they have.</param>
/// <param name="IsTest">Whether it is test data.</param>
/// <param name="EventName">The event that they named.</param>
/// <param name="Seq">The delivery that is kept; null while none is.</param>
/// <param name="RejectedId">The last of its requests that was refused and is still in the log of those.</param>
/// <param name="Reason">Why that one was refused, as a code; null where it was kept and only answered too late.</param>
/// <param name="OrderName">The order that it is about, by id or reference: claimed by its body, and certain only where it is kept.</param>
/// <param name="Iccid">The eSIM that it is about, likewise.</param>
/// <param name="Story">Its attempts, and what comes next.</param>
/// <param name="IsVerified">Whether a known secret had signed it: else it may be anybody's, and nothing is expected of it.</param>
public sealed record RetryRow(
    string? DeliveryId,
    ContractVersion Contract,
    bool IsTest,
    string? EventName,
    long? Seq,
    long? RejectedId,
    string? Reason,
    string? OrderName,
    string? Iccid,
    RetryStory Story,
    bool IsVerified
)
{
    /// <summary>Whether what it says may be lost: it was signed, is not kept, and was not answered with success.</summary>
    public bool IsAtRisk => IsVerified && Seq is null && Story.State != RetryState.Answered;

    /// <summary>How many more requests like its own came too fast to be kept.</summary>
    public int Suppressed { get; init; }

    /// <summary>When it first came, Unix milliseconds.</summary>
    public long FirstAtMs => Story.Attempts[0].Attempt.AtMs;

    /// <summary>When it last came, Unix milliseconds.</summary>
    public long LastSeenAtMs => Story.Attempts[^1].Attempt.AtMs;
}
