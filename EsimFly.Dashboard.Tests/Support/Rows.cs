using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Rows of events as pages have them, without a database.</summary>
internal static class Rows
{
    private static long next;

    /// <summary>An event that took place so many minutes before <see cref="NowMs"/>.</summary>
    public static EventRow Event(EventType type, double minutesAgo, EventFacts? facts = null)
    {
        var at = NowMs - (long)(minutesAgo * 60_000);
        return new EventRow(
            Interlocked.Increment(ref next),
            IsTest: false,
            type,
            at,
            at,
            "ORD-1",
            "REF-1",
            "8948010010092440014",
            (facts ?? new EventFacts()).ToJson()
        );
    }

    /// <summary>24 November 2026, 12:00 UTC, Unix milliseconds.</summary>
    public const long NowMs = 1_795_521_600_000;

    /// <summary>So many hours from then, Unix milliseconds.</summary>
    public static long InHours(double hours) => NowMs + (long)(hours * 3_600_000);
}
