using EsimFly.Dashboard.Hosting.Observability;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>
/// Refuses what another site's page asks of the desk through its viewer's browser, WebSockets above all: they are not bound
/// by the same-origin policy, but the browser says where they come from (RFC 6454, RFC 6455 section 10.2).
/// </summary>
internal sealed partial class OriginGuard(
    RequestDelegate next,
    IOptions<AccessOptions> options,
    TimeProvider time,
    ILogger<OriginGuard> logger
)
{
    private readonly LogPace pace = new(TimeSpan.FromMinutes(10), time);

    /// <summary>Lets a request through that comes from the desk's own pages, or from no page at all.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (
            request.Headers.Origin.Count == 0
            || (request.Headers.Origin is [{ } origin] && (options.Value.IsOwn(request, origin) || IsOwnForm(request, origin)))
        )
        {
            return next(context);
        }

        if (
            Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var page)
            && string.Equals(page.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
            && pace.IsDue()
        )
        {
            // The desk's own page, seen from behind a proxy that does not say how it was asked.
            Log.ProxyWithoutHeaders(logger, page.GetLeftPart(UriPartial.Authority), $"{request.Scheme}://{request.Host}");
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("Requests from other sites are refused.", context.RequestAborted);
    }

    // A page that sends no referrer posts its forms as from nowhere ("null", Fetch standard); the browser still says whose form it was.
    private static bool IsOwnForm(HttpRequest request, string origin) =>
        origin is "null" && request.Headers["Sec-Fetch-Site"] is ["same-origin"] && request.Headers["Sec-Fetch-Mode"] is ["navigate"];

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "A page at {Origin} asked for the desk at {Address} and was refused, so it stays empty: a proxy between them sends no "
                + "X-Forwarded-Proto, or is not known. Set Webhooks:KnownProxies to its address, or name the origin in "
                + "Access:AllowedOrigins."
        )]
        public static partial void ProxyWithoutHeaders(ILogger logger, string origin, string address);
    }
}
