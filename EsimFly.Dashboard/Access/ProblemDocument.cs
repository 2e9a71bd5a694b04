using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace EsimFly.Dashboard.Access;

/// <summary>An error as programs receive it (RFC 9457), whatever they accept.</summary>
internal static class ProblemDocument
{
    /// <summary>Writes the status that the answer has, with a sentence about it.</summary>
    public static Task WriteAsync(HttpContext context, string? title = null)
    {
        var status = context.Response.StatusCode;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "10";
            title ??= "The database does not answer. Try again in a moment.";
        }

        var problem = new ProblemDetails { Status = status, Title = title ?? ReasonPhrases.GetReasonPhrase(status) };
        return context.Response.WriteAsJsonAsync(problem, options: null, "application/problem+json", context.RequestAborted);
    }
}
