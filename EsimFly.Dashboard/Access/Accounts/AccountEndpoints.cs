using System.Security.Claims;
using EsimFly.Dashboard.Access.SetUp;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>What the account pages need beside their forms: signing out, staying signed in, passkeys, the identity provider.</summary>
internal static class AccountEndpoints
{
    private const string SignInPath = "/account/sign-in";

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var account = endpoints.MapGroup("/account");

        // Another site's form brings no cookie (SameSite), so there is nothing for it to end.
        account.MapPost("/sign-out", SignOutAsync).AllowAnonymous().DisableAntiforgery();

        // A live page makes no requests; while its viewer is busy, its script makes this one, and the cookie goes on.
        account.MapGet("/alive", static () => TypedResults.NoContent()).RequireAuthorization(Policies.Viewer);

        account
            .MapPost("/passkeys/creation-options", CreationOptionsAsync)
            .RequireAuthorization(Policies.Viewer)
            .AddEndpointFilter(RequireTokenAsync);
        account
            .MapPost("/passkeys/request-options", RequestOptionsAsync)
            .AllowAnonymous()
            .RequireRateLimiting(SignInRate.Policy)
            .AddEndpointFilter(RequireTokenAsync);

        if (endpoints.ServiceProvider.GetRequiredService<IOptions<OidcOptions>>().Value.IsOn)
        {
            account.MapGet("/external", BeginExternalAsync).AllowAnonymous();
            account.MapGet("/external/done", ExternalDoneAsync).AllowAnonymous();
        }
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, AccountSignIn signIn, Profile profile)
    {
        try
        {
            if (await profile.FindAsync(context.User) is { } account)
            {
                await profile.EndSessionsAsync(account);
            }
        }
        finally
        {
            await signIn.SignOutAsync(); // this browser's at least, where nothing can be written
        }

        return TypedResults.LocalRedirect(SignInPath);
    }

    private static async Task<IResult> CreationOptionsAsync(HttpContext context, UserManager<AccountEntity> users, AccountSignIn signIn)
    {
        if (await users.GetUserAsync(context.User) is not { } account)
        {
            return TypedResults.Unauthorized();
        }

        var options = await signIn.MakePasskeyCreationOptionsAsync(
            new PasskeyUserEntity
            {
                Id = account.Id,
                Name = account.Email!,
                DisplayName = account.Name,
            }
        );
        return TypedResults.Content(options, "application/json");
    }

    private static async Task<IResult> RequestOptionsAsync(AccountSignIn signIn) =>
        TypedResults.Content(await signIn.MakePasskeyRequestOptionsAsync(user: null), "application/json");

    private static async Task BeginExternalAsync(string? returnUrl, HttpContext context)
    {
        try
        {
            await context.ChallengeAsync(
                ExternalSignIn.Scheme,
                new AuthenticationProperties
                {
                    RedirectUri = "/account/external/done?returnUrl=" + Uri.EscapeDataString(LocalPath.OrHome(returnUrl)),
                }
            );
        }
        catch (InvalidOperationException) when (!context.Response.HasStarted)
        {
            context.Response.Redirect($"{SignInPath}?problem=unreachable"); // its configuration cannot be read
        }
    }

    private static async Task<IResult> ExternalDoneAsync(string? returnUrl, HttpContext context, FirstRun firstRun, ExternalSignIn external)
    {
        var result = await context.AuthenticateAsync(IdentityConstants.ExternalScheme);
        await context.SignOutAsync(IdentityConstants.ExternalScheme);
        if (!await firstRun.IsDoneAsync(context.RequestAborted))
        {
            return TypedResults.LocalRedirect(FirstRun.Path);
        }

        var problem = await external.SignInAsync(result.Principal ?? new ClaimsPrincipal());
        return TypedResults.LocalRedirect(problem is null ? LocalPath.OrHome(returnUrl) : $"{SignInPath}?problem={problem}");
    }

    private static async ValueTask<object?> RequireTokenAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await context.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context.HttpContext)
            ? await next(context)
            : TypedResults.BadRequest();
}
