using System.Collections.Immutable;
using System.Globalization;

namespace EsimFly.Dashboard.Components.Viewer;

/// <summary>One viewer's time: the zone that the browser reports, and a tick for all relative times on the page.</summary>
internal sealed class ViewerClock(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(5);

    // What came while the connection was lost is still news for so long after it is back.
    private static readonly TimeSpan MissedIsNews = TimeSpan.FromSeconds(30);

    private TimeZoneInfo zone = TimeZoneInfo.Utc;
    private ImmutableArray<Action> listeners = [];
    private ImmutableArray<Action> secondListeners = [];
    private ITimer? timer;
    private ITimer? secondTimer;
    private (long LostAtMs, long BackAtMs)? missed;

    /// <summary>The present, Unix milliseconds.</summary>
    public long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A point from which <see cref="Since"/> measures.</summary>
    public long Timestamp => time.GetTimestamp();

    /// <summary>The time since a <see cref="Timestamp"/>.</summary>
    public TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);

    /// <summary>Calls <paramref name="listener"/> every five seconds, on any thread, until <see cref="Ignore"/>.</summary>
    public void Listen(Action listener)
    {
        ImmutableInterlocked.Update(ref listeners, static (all, added) => all.Add(added), listener);
        timer ??= time.CreateTimer(_ => Tick(listeners), null, TickEvery, TickEvery);
    }

    /// <summary>
    /// Calls <paramref name="listener"/> every second, on any thread, until <see cref="Ignore"/>: for clocks that people watch.
    /// </summary>
    public void ListenEachSecond(Action listener)
    {
        ImmutableInterlocked.Update(ref secondListeners, static (all, added) => all.Add(added), listener);
        secondTimer ??= time.CreateTimer(_ => Tick(secondListeners), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Ends what <see cref="Listen"/> or <see cref="ListenEachSecond"/> began.</summary>
    public void Ignore(Action listener)
    {
        ImmutableInterlocked.Update(ref listeners, static (all, removed) => all.Remove(removed), listener);
        ImmutableInterlocked.Update(ref secondListeners, static (all, removed) => all.Remove(removed), listener);
    }

    /// <summary>Notes that the page has its connection back, which it had lost at an instant (Unix milliseconds).</summary>
    public void NoteReconnected(long lostAtMs) => missed = (lostAtMs, NowMs);

    /// <summary>From when on what is shown is new to the viewer, Unix milliseconds: the present, or when the connection was lost.</summary>
    public long FreshSinceMs => missed is { } gap && NowMs - gap.BackAtMs < MissedIsNews.TotalMilliseconds ? gap.LostAtMs : NowMs;

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
    public string Exact(long atMs) => $"{Local(atMs, "d MMM yyyy, HH:mm:ss")} ({zone.Id}) · {Utc(atMs)}";

    /// <summary>The instant in the viewer's zone to the minute, with the year where it is not the present one.</summary>
    public string Short(long atMs) => Local(atMs, LocalTime(atMs).Year == LocalTime(NowMs).Year ? "d MMM, HH:mm" : "d MMM yyyy, HH:mm");

    /// <summary>The instant in UTC, ISO 8601.</summary>
    public static string Utc(long atMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(atMs).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The instant in the viewer's zone.</summary>
    public string Local(long atMs, string format) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(atMs), zone).ToString(format, CultureInfo.InvariantCulture);

    /// <summary>The instant as the viewer's clock on the wall showed it: to be drawn, not to be reckoned with.</summary>
    public DateTime LocalTime(long atMs) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(atMs), zone).DateTime;

    /// <summary>When the viewer's present day began, Unix milliseconds.</summary>
    public long TodayStartMs()
    {
        var local = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);
        var midnight = local.Date;
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUnixTimeMilliseconds();
    }

    /// <summary>
    /// When a day of the viewer's began, Unix milliseconds; null where <paramref name="day"/> is none in the form yyyy-MM-dd.
    /// </summary>
    public long? DayStartMs(string? day, int daysLater = 0)
    {
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return null;
        }

        return DayStartMs(date.AddDays(daysLater));
    }

    /// <summary>When a day of the viewer's began, Unix milliseconds.</summary>
    public long DayStartMs(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUnixTimeMilliseconds();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer?.Dispose();
        secondTimer?.Dispose();
    }

    private static void Tick(ImmutableArray<Action> heard)
    {
        foreach (var listener in heard)
        {
            listener();
        }
    }
}
