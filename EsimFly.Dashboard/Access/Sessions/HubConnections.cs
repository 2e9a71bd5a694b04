using System.Security.Claims;
using System.Threading.RateLimiting;
using EsimFly.Dashboard.Access.Tokens;

namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>
/// How many connections to a hub one account or token may have at once in this process, by WebSockets or server-sent events: one that
/// is open is a request under way. One more is answered 429.
/// </summary>
internal static class HubConnections
{
    /// <summary>The name of the policy.</summary>
    public const string Policy = "hub-connections";

    /// <summary>So many at once.</summary>
    public const int MostAtOnce = 10;

    /// <summary>The share of the account or token that asks.</summary>
    public static RateLimitPartition<string> Of(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetNoLimiter("messages") // on a connection that is open
            : RateLimitPartition.GetConcurrencyLimiter(
                KeyOf(context.User),
                static _ => new ConcurrencyLimiterOptions { PermitLimit = MostAtOnce, QueueLimit = 0 }
            );

    private static string KeyOf(ClaimsPrincipal who) =>
        who.FindFirstValue(ApiTokenHandler.TokenIdClaim) is { } token ? "token " + token
        : who.FindFirstValue(ClaimTypes.NameIdentifier) is { } account ? "account " + account
        : "name " + who.Identity?.Name; // a token of the settings
}
