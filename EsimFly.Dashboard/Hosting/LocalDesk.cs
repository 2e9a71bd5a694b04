using System.Net;

namespace EsimFly.Dashboard.Hosting;

/// <summary>
/// Keeps the desk to people at this machine while it has no accounts. A tunnel or proxy that is meant for the webhook endpoint
/// reaches only that, and no other site's page can talk to the desk through its viewer's browser.
/// </summary>
internal sealed class LocalDesk(RequestDelegate next)
{
    private static readonly string[] SignsOfAProxy = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "Forwarded", "Via"];

    /// <summary>Lets a request through that comes from a browser on this machine.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (IsLocal(request.Host.Host) && IsOwnOrigin(request) && !SignsOfAProxy.Any(request.Headers.ContainsKey))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("This version has no accounts yet, so the desk is shown on the machine that it runs on only.", context.RequestAborted);
    }

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    // A page of another site may open a WebSocket to here; the browser says where it is from (RFC 6454).
    private static bool IsOwnOrigin(HttpRequest request) =>
        request.Headers.Origin is not [{ Length: > 0 } origin]
        || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
