using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>
/// When the report of a plan's end is overdue. The one rule for lists, verdicts and missing events: until then a plan that has
/// reached its end is about to expire.
/// </summary>
internal static class PlanExpiry
{
    /// <summary>eSIMfly reports an expiry within minutes of it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>A plan that was to end before this, Unix milliseconds, is overdue.</summary>
    public static long OverdueBeforeMs(long nowMs) => nowMs - (long)Grace.TotalMilliseconds;

    /// <summary>Whether <c>esim.expired</c> should have come by now.</summary>
    public static bool IsOverdue(PlanStatus plan, long? expiresAtMs, long nowMs) =>
        plan == PlanStatus.Active && expiresAtMs < OverdueBeforeMs(nowMs);
}
