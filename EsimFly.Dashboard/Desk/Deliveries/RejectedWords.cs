using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Rejected;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>Why a request was refused, in plain words.</summary>
internal static class RejectedWords
{
    /// <summary>Why the body of a request is not shown.</summary>
    public static string WithoutBody(RejectedRow row) =>
        row.CanBeVerified
            ? "Its body is kept for another verification, but not shown: it is not JSON, or is larger than "
                + $"{InWords.OfBytes(RejectedRing.LargestShownBody)}."
        : Refusal.Find(row.Reason) is { IsVerifiableLater: true }
            ? "Its body was not kept: too many were refused at the same time, or it is larger than "
                + $"{InWords.OfBytes(RejectedRing.LargestBody)}. It cannot be verified again."
        : "It was refused before its body was read.";

    /// <summary>The words for a reason's code; the code itself where it is not known.</summary>
    public static string Of(string reason) => Refusal.Find(reason)?.Past ?? reason;
}
