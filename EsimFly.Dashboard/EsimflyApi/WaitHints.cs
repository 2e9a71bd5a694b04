using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>
/// Until when eSIMfly asks to wait, from the headers of an answer. It documents several forms (<c>Retry-After</c> in seconds or as a date,
/// <c>X-RateLimit-Reset</c> as a date or a number); the latest instant counts. Pure.
/// </summary>
internal static class WaitHints
{
    // A number is recognised by its size: seconds from now, seconds since 1970, milliseconds since 1970.
    private const long MostSecondsFromNow = 1_000_000;
    private const long MostEpochSeconds = 100_000_000_000;

    private static readonly TimeSpan WithoutAHint = TimeSpan.FromMinutes(1);

    /// <summary>The instant; null where it asks for no wait.</summary>
    /// <param name="headers">The answer's headers.</param>
    /// <param name="status">Its status.</param>
    /// <param name="isLimited">Whether it means that too many requests were made.</param>
    /// <param name="now">The present.</param>
    public static DateTimeOffset? Until(HttpResponseHeaders headers, HttpStatusCode status, bool isLimited, DateTimeOffset now)
    {
        DateTimeOffset?[] hints =
        [
            isLimited || status is HttpStatusCode.ServiceUnavailable ? RetryAfter(headers.RetryAfter, now) : null,
            isLimited || One(headers, "X-RateLimit-Remaining") is "0" ? Reset(One(headers, "X-RateLimit-Reset"), now) : null,
        ];
        var longest = hints.Max();
        return longest is null && isLimited ? now + WithoutAHint : longest;
    }

    private static DateTimeOffset? RetryAfter(RetryConditionHeaderValue? value, DateTimeOffset now) =>
        value switch
        {
            { Date: { } date } => date,
            { Delta: { } delta } => now + Limited(delta),
            _ => null,
        };

    private static DateTimeOffset? Reset(string? value, DateTimeOffset now)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number <= MostSecondsFromNow ? now + TimeSpan.FromSeconds(number)
                : number <= MostEpochSeconds ? DateTimeOffset.FromUnixTimeSeconds(number)
                : number <= MostEpochSeconds * 1000 ? DateTimeOffset.FromUnixTimeMilliseconds(number)
                : null;
        }

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : null;
    }

    // However long it is, it fits into a date.
    private static TimeSpan Limited(TimeSpan span) => span > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : span;

    private static string? One(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
