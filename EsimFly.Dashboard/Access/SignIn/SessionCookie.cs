using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>How long a session lasts: half an hour without a person's doing, and eight hours whatever they do.</summary>
internal static class SessionCookie
{
    /// <summary>The cookie's name; its prefix makes browsers insist on Secure, on the path / and on no domain (RFC 6265bis).</summary>
    public const string Name = "__Host-esimfly";

    /// <summary>When the session began, as Unix milliseconds, among the properties that the cookie carries.</summary>
    public const string SignedInItem = "signed_in_ms";

    /// <summary>The same, as a claim, for those who see the claims only.</summary>
    public const string SignedInClaim = "signed_in_ms";

    // Authentication Method Reference, RFC 8176, as ASP.NET Core Identity gives it.
    private const string MeansClaim = "amr";

    /// <summary>A session ends after this time without a request or, on a live page, an action.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    /// <summary>A session ends after this time in any case.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    /// <summary>Sets the cookie and the session's bounds up.</summary>
    public static void Configure(CookieAuthenticationOptions options)
    {
        Harden(options.Cookie, Name);
        options.LoginPath = "/account/sign-in";
        options.AccessDeniedPath = "/not-for-your-role";
        options.ReturnUrlParameter = "returnUrl";
        options.ExpireTimeSpan = Idle;
        options.SlidingExpiration = true;
        options.Events.OnSigningIn = static context =>
        {
            var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
            if (!context.Properties.Items.TryGetValue(SignedInItem, out var since) || since is null)
            {
                context.Properties.Items[SignedInItem] = since = now.ToString(CultureInfo.InvariantCulture);
            }

            Note(context.Principal, since);
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = static async context =>
        {
            if (context.HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is { OriginalStatusCode: 503 })
            {
                context.RejectPrincipal(); // the database cannot be asked, and the page that says so is for everybody
                return;
            }

            var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
            if (!context.Properties.Items.TryGetValue(SignedInItem, out var since) || IsOver(since, now))
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
                return;
            }

            await SecurityStampValidator.ValidatePrincipalAsync(context);
        };
    }

    /// <summary>
    /// Makes a cookie that only this host can set, that scripts cannot read and other sites cannot send along with a post.
    /// </summary>
    public static void Harden(CookieBuilder cookie, string name)
    {
        cookie.Name = name;
        cookie.HttpOnly = true;
        cookie.SecurePolicy = CookieSecurePolicy.Always;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.Path = "/";
    }

    /// <summary>Carries over to a renewed principal what the account does not say: when the session began, and by which means.</summary>
    public static Task CarryOverAsync(SecurityStampRefreshingPrincipalContext context)
    {
        Note(context.NewPrincipal, context.CurrentPrincipal?.FindFirstValue(SignedInClaim));
        if (context is { NewPrincipal.Identity: ClaimsIdentity renewed, CurrentPrincipal: { } current })
        {
            renewed.AddClaims(current.Claims.Where(claim => IsMeans(claim) && !renewed.HasClaim(claim.Type, claim.Value)));
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Whether more than a password opened the session: a second step, a passkey or the identity provider. Not known is no.
    /// </summary>
    public static bool HasSecondStep(ClaimsPrincipal who) =>
        who.HasClaim(MeansClaim, "mfa") || who.HasClaim(static claim => claim.Type is ClaimTypes.AuthenticationMethod);

    private static bool IsMeans(Claim claim) => claim.Type is MeansClaim or ClaimTypes.AuthenticationMethod;

    /// <summary>Whether the session of that principal has lasted as long as one may.</summary>
    public static bool IsOver(ClaimsPrincipal who, long nowMs) => IsOver(who.FindFirstValue(SignedInClaim), nowMs);

    private static bool IsOver(string? since, long nowMs) =>
        !long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var sinceMs)
        || nowMs - sinceMs >= Longest.TotalMilliseconds;

    private static void Note(ClaimsPrincipal? principal, string? since)
    {
        if (
            principal?.Identity is ClaimsIdentity identity
            && since is not null
            && !principal.HasClaim(claim => string.Equals(claim.Type, SignedInClaim, StringComparison.Ordinal))
        )
        {
            identity.AddClaim(new Claim(SignedInClaim, since));
        }
    }
}
