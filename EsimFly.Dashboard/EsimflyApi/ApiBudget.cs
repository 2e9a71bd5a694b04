using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>
/// How many requests the whole installation makes: below what eSIMfly allows, and never while eSIMfly asks to wait. Work in the background
/// leaves a part to what people click.
/// </summary>
internal sealed class ApiBudget : IDisposable
{
    private const int Segments = 6;

    // Of each minute and hour, so much is for clicks alone.
    private const int ForClicksOneIn = 3;

    private readonly SlidingWindowRateLimiter minute;
    private readonly SlidingWindowRateLimiter hour;
    private readonly TimeProvider time;
    private readonly int perMinute;
    private readonly int perHour;
    private long waitUntilMs;

    /// <summary>Begins with all of it.</summary>
    public ApiBudget(IOptions<EsimflyApiOptions> options, TimeProvider time)
    {
        this.time = time;
        (perMinute, perHour) = (options.Value.RequestsPerMinute, options.Value.RequestsPerHour);
        minute = Limiter(perMinute, TimeSpan.FromMinutes(1));
        hour = Limiter(perHour, TimeSpan.FromHours(1));
    }

    /// <summary>Takes the right to one request.</summary>
    /// <param name="isClick">Whether somebody waits for it.</param>
    /// <returns>False where there is none left for now.</returns>
    public bool TryTake(bool isClick)
    {
        if (time.GetUtcNow().ToUnixTimeMilliseconds() < Interlocked.Read(ref waitUntilMs))
        {
            return false;
        }

        if (!isClick && (Left(minute) <= perMinute / ForClicksOneIn || Left(hour) <= perHour / ForClicksOneIn))
        {
            return false;
        }

        using var first = minute.AttemptAcquire();
        if (!first.IsAcquired)
        {
            return false;
        }

        using var second = hour.AttemptAcquire();
        return second.IsAcquired;
    }

    /// <summary>eSIMfly asks to wait until an instant, or says that nothing is left until then. The latest instant counts.</summary>
    public void WaitUntil(DateTimeOffset instant)
    {
        var most = time.GetUtcNow().AddHours(1); // a reset beyond that is a mistake of one of the clocks
        var untilMs = (instant < most ? instant : most).ToUnixTimeMilliseconds();
        long before;
        do
        {
            before = Interlocked.Read(ref waitUntilMs);
        } while (before < untilMs && Interlocked.CompareExchange(ref waitUntilMs, untilMs, before) != before);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        minute.Dispose();
        hour.Dispose();
    }

    private static long Left(RateLimiter limiter) => limiter.GetStatistics()?.CurrentAvailablePermits ?? 0;

    private static SlidingWindowRateLimiter Limiter(int permits, TimeSpan window) =>
        new(
            new()
            {
                PermitLimit = permits,
                Window = window,
                SegmentsPerWindow = Segments,
                QueueLimit = 0,
            }
        );
}
