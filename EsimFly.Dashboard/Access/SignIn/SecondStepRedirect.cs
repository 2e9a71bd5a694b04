using EsimFly.Dashboard.Access.Sessions;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>Leads who must have a second step and has none to its set-up, from every page.</summary>
internal sealed class SecondStepRedirect(RequestDelegate next, AccessGuard guard)
{
    private const string SetUp = "/account/two-step-setup";

    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (
            PageRequest.Is(context)
            && !context.Request.Path.StartsWithSegments("/account", StringComparison.OrdinalIgnoreCase)
            && await guard.FindAsync(context.User, context.RequestAborted) is { NeedsSecondStep: true }
        )
        {
            context.Response.Redirect(SetUp);
            return;
        }

        await next(context);
    }
}
