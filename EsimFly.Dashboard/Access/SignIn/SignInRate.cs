using System.Threading.RateLimiting;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>How often one address may try to get in: checking a password is expensive on purpose.</summary>
internal static class SignInRate
{
    /// <summary>The name of the rate limiting policy.</summary>
    public const string Policy = "sign-in";

    private const int PostsEachMinute = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>The limit for a request: none for looking at a form, some for sending it.</summary>
    public static RateLimitPartition<string> Of(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(
                "post from " + SenderNetwork.Of(context.Connection.RemoteIpAddress),
                static _ => new FixedWindowRateLimiterOptions
                {
                    PermitLimit = PostsEachMinute,
                    Window = Window,
                    QueueLimit = 0,
                }
            )
            : RateLimitPartition.GetNoLimiter("get");
}
