using System.Net;
using EsimFly.Dashboard.EsimflyApi;

namespace EsimFly.Dashboard.Tests.EsimflyApi;

/// <summary>Until when eSIMfly asks to wait, in each form in which it may say so.</summary>
public sealed class WaitHintsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);

    [Theory]
    [InlineData("Retry-After", "120", 120)]
    [InlineData("Retry-After", "99999999", 86_400)]
    [InlineData("X-RateLimit-Reset", "90", 90)]
    [InlineData("X-RateLimit-Reset", "1790000300", 300)]
    [InlineData("X-RateLimit-Reset", "1790000300000", 300)]
    [InlineData("X-RateLimit-Reset", "99999999999999999", 60)]
    [InlineData("X-RateLimit-Reset", "soon", 60)]
    public void OneHint_OfALimit_IsObeyed(string name, string value, int seconds) =>
        Assert.Equal(Now.AddSeconds(seconds), Until(HttpStatusCode.TooManyRequests, (name, value)));

    [Fact]
    public void Dates_AreRead()
    {
        var then = Now.AddMinutes(7);
        Assert.Equal(then, Until(HttpStatusCode.TooManyRequests, ("Retry-After", then.ToString("R"))));
        Assert.Equal(then, Until(HttpStatusCode.TooManyRequests, ("X-RateLimit-Reset", then.ToString("O"))));
    }

    [Fact]
    public void LongestOfSeveral_Counts() =>
        Assert.Equal(
            Now.AddSeconds(300),
            Until(HttpStatusCode.TooManyRequests, ("Retry-After", "30"), ("X-RateLimit-Reset", "1790000300"))
        );

    [Fact]
    public void Reset_CountsOnlyWhereNothingIsLeft_AndRetryAfterOnlyWhereItIsAsked()
    {
        Assert.Null(Until(HttpStatusCode.OK, ("X-RateLimit-Remaining", "7"), ("X-RateLimit-Reset", "90")));
        Assert.Equal(Now.AddSeconds(90), Until(HttpStatusCode.OK, ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "90")));
        Assert.Equal(Now.AddSeconds(30), Until(HttpStatusCode.ServiceUnavailable, ("Retry-After", "30")));
        Assert.Null(Until(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(Now.AddMinutes(1), Until(HttpStatusCode.TooManyRequests));
    }

    private static DateTimeOffset? Until(HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage(status);
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return WaitHints.Until(response.Headers, status, status == HttpStatusCode.TooManyRequests, Now);
    }
}
