using System.Collections.Immutable;
using System.Globalization;

namespace EsimFly.Dashboard.Components;

/// <summary>One viewer's time: the zone that the browser reports, and a tick for all relative times on the page.</summary>
internal sealed class ViewerClock(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(5);

    private TimeZoneInfo zone = TimeZoneInfo.Utc;
    private ImmutableArray<Action> listeners = [];
    private ITimer? timer;

    /// <summary>The present, Unix milliseconds.</summary>
    public long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Calls <paramref name="listener"/> every five seconds, on any thread, until <see cref="Ignore"/>.</summary>
    public void Listen(Action listener)
    {
        ImmutableInterlocked.Update(ref listeners, static (all, added) => all.Add(added), listener);
        timer ??= time.CreateTimer(_ => Tick(), null, TickEvery, TickEvery);
    }

    /// <summary>Ends what <see cref="Listen"/> began.</summary>
    public void Ignore(Action listener) => ImmutableInterlocked.Update(ref listeners, static (all, removed) => all.Remove(removed), listener);

    /// <summary>Uses the zone of that IANA name; UTC where there is none.</summary>
    public void SetZone(string? ianaName) =>
        zone = ianaName is not null && TimeZoneInfo.TryFindSystemTimeZoneById(ianaName, out var found) ? found : TimeZoneInfo.Utc;

    /// <summary>The instant in words, such as "3 min ago" or "in 2 h".</summary>
    public string Relative(long atMs)
    {
        var distance = TimeSpan.FromMilliseconds(NowMs - atMs);
        var size = distance.Duration();
        var words = size switch
        {
            { TotalSeconds: < 5 } => "now",
            { TotalMinutes: < 1 } => $"{(int)size.TotalSeconds} s",
            { TotalHours: < 1 } => $"{(int)size.TotalMinutes} min",
            { TotalDays: < 1 } => $"{(int)size.TotalHours} h",
            { TotalDays: < 60 } => $"{(int)size.TotalDays} d",
            _ => Local(atMs, "d MMM yyyy"),
        };
        return words switch
        {
            "now" => words,
            _ when size.TotalDays >= 60 => words,
            _ => distance > TimeSpan.Zero ? $"{words} ago" : $"in {words}",
        };
    }

    /// <summary>The instant in the viewer's zone and in UTC.</summary>
    public string Exact(long atMs) =>
        $"{Local(atMs, "d MMM yyyy, HH:mm:ss")} ({zone.Id}) · {Utc(atMs)}";

    /// <summary>The instant in UTC, ISO 8601.</summary>
    public static string Utc(long atMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(atMs).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The instant in the viewer's zone.</summary>
    public string Local(long atMs, string format) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(atMs), zone).ToString(format, CultureInfo.InvariantCulture);

    /// <summary>When the viewer's present day began, Unix milliseconds.</summary>
    public long TodayStartMs()
    {
        var local = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);
        var midnight = local.Date;
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUnixTimeMilliseconds();
    }

    /// <summary>When a day of the viewer's began, Unix milliseconds; null where <paramref name="day"/> is none in the form yyyy-MM-dd.</summary>
    public long? DayStartMs(string? day, int daysLater = 0)
    {
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return null;
        }

        var midnight = date.AddDays(daysLater).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUnixTimeMilliseconds();
    }

    /// <inheritdoc/>
    public void Dispose() => timer?.Dispose();

    private void Tick()
    {
        foreach (var listener in listeners)
        {
            listener();
        }
    }
}
