using System.Globalization;
using System.Numerics;
using System.Security.Claims;
using System.Text.Encodings.Web;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace EsimFly.Dashboard.Access.Tokens;

/// <summary>
/// Authenticates programs by <c>Authorization: Bearer</c> (RFC 6750), and on the hubs, where a browser's WebSocket can set no
/// header, by <c>access_token</c> in the address.
/// </summary>
internal sealed class ApiTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ApiTokens tokens
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "ApiToken";

    /// <summary>The claim with the token's number; none where it comes from the settings.</summary>
    public const string TokenIdClaim = "token_id";

    /// <summary>A claim for each of <see cref="Storage.Entities.ApiScopes"/> that the token has, by its name.</summary>
    public const string ScopeClaim = "scope";

    private const string Bearer = "Bearer ";
    private const int LongestToken = 512;

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Presented() is not { Length: > 0 and <= LongestToken } presented)
        {
            return AuthenticateResult.NoResult();
        }

        if (await tokens.FindAsync(presented, Context.RequestAborted) is not { } token)
        {
            return AuthenticateResult.Fail("The token is not known, has ended or was revoked.");
        }

        var identity = new ClaimsIdentity(SchemeName);
        identity.AddClaim(new Claim(ClaimTypes.Name, token.Name));
        foreach (var scope in Enum.GetValues<ApiScopes>().Where(scope => BitOperations.IsPow2((int)scope) && token.Scopes.HasFlag(scope)))
        {
            identity.AddClaim(new Claim(ScopeClaim, scope.ToString()));
        }

        if (token.Id is { } id)
        {
            identity.AddClaim(new Claim(TokenIdClaim, id.ToString(CultureInfo.InvariantCulture)));
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Bearer.TrimEnd();
        return WriteAsync(StatusCodes.Status401Unauthorized, "An API token is needed: Authorization: Bearer <token>.");
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        WriteAsync(StatusCodes.Status403Forbidden, "This token's scopes do not cover that.");

    private string? Presented()
    {
        if (Request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return header[Bearer.Length..].Trim();
        }

        return
            Request.Path.StartsWithSegments("/hubs", StringComparison.OrdinalIgnoreCase)
            && !Request.Headers.ContainsKey(HeaderNames.Authorization)
            ? Request.Query["access_token"].ToString()
            : null;
    }

    private Task WriteAsync(int status, string title)
    {
        Response.StatusCode = status;
        return ProblemDocument.WriteAsync(Context, title);
    }
}
