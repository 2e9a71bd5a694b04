using System.Collections.Immutable;

namespace EsimFly.Dashboard.Contract;

/// <summary>When eSIMfly sends a delivery again that was not answered in time with success.</summary>
/// <param name="Deadline">How long the sender waits for an answer.</param>
/// <param name="Delays">The wait before each attempt, from the end of the one before; the first is zero.</param>
/// <param name="LastSuccess">The greatest HTTP status that the sender takes for success; the least is 200.</param>
internal sealed record RetrySchedule(TimeSpan Deadline, ImmutableArray<TimeSpan> Delays, int LastSuccess)
{
    /// <summary>Contract 2025-11, "Webhook Retry Policy": six attempts within 72 min 35 s, until one is answered 200.</summary>
    public static RetrySchedule V2025_11 { get; } =
        new(
            TimeSpan.FromSeconds(5),
            [
                TimeSpan.Zero,
                TimeSpan.FromSeconds(5),
                TimeSpan.FromSeconds(30),
                TimeSpan.FromMinutes(2),
                TimeSpan.FromMinutes(10),
                TimeSpan.FromHours(1),
            ],
            StatusCodes.Status200OK
        );

    /// <summary>Contract 2026-04: five attempts within 12 min 40 s, until one is answered with any 2xx.</summary>
    public static RetrySchedule V2026_04 { get; } =
        new(
            TimeSpan.FromSeconds(10),
            [TimeSpan.Zero, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)],
            299
        );

    /// <summary>From the first attempt to the last.</summary>
    public TimeSpan Span => Delays.Aggregate(TimeSpan.Zero, (sum, delay) => sum + delay);

    /// <summary>Whether the sender takes an answer for success; null is none.</summary>
    public bool IsSuccess(int? status) => status >= StatusCodes.Status200OK && status <= LastSuccess;

    /// <summary>The schedule of <paramref name="version"/>.</summary>
    public static RetrySchedule Of(ContractVersion version) => version == ContractVersion.V2026_04 ? V2026_04 : V2025_11;
}
