namespace EsimFly.Dashboard.Hosting;

/// <summary>
/// Sets the security headers on every answer. Scripts, fonts and connections come from this application alone; styles may
/// stand inline, since components size themselves so; nobody may frame a page (Content Security Policy Level 3).
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>The policy that every answer has.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; "
        + "form-action 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'";

    /// <summary>Handles a request; the headers are set as the answer begins, so that nothing on the way changes them.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(
            static state =>
            {
                var headers = ((HttpResponse)state).Headers;
                headers.ContentSecurityPolicy = Policy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                return Task.CompletedTask;
            },
            context.Response
        );
        return next(context);
    }
}
