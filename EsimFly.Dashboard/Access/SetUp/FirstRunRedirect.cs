using EsimFly.Dashboard.Access.Sessions;

namespace EsimFly.Dashboard.Access.SetUp;

/// <summary>While there is no administrator, every page leads to set-up.</summary>
internal sealed class FirstRunRedirect(RequestDelegate next, FirstRun firstRun)
{
    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (
            PageRequest.Is(context)
            && !context.Request.Path.StartsWithSegments(FirstRun.Path, StringComparison.OrdinalIgnoreCase)
            && !await firstRun.IsDoneAsync(context.RequestAborted)
        )
        {
            context.Response.Redirect(FirstRun.Path);
            return;
        }

        await next(context);
    }
}
