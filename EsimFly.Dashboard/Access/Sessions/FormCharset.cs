using System.Net.Http.Headers;

namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>
/// Refuses forms in another encoding than UTF-8, which is what browsers send: reading one in an encoding that is not supported throws.
/// </summary>
internal sealed class FormCharset(RequestDelegate next)
{
    /// <summary>Handles a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (
            context.Request.HasFormContentType
            && MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            && type.CharSet is { } charset
            && !string.Equals(charset.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase)
        )
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        return next(context);
    }
}
