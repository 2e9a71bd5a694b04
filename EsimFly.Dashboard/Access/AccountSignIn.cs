using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access;

/// <summary>Signs accounts in with ASP.NET Core Identity: never a disabled or locked one, whichever way it comes, and never unrecorded.</summary>
internal sealed class AccountSignIn(
    UserManager<AccountEntity> users,
    IHttpContextAccessor http,
    IUserClaimsPrincipalFactory<AccountEntity> claims,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<AccountEntity>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<AccountEntity> confirmation,
    IUserStore<AccountEntity> store,
    IPasswordHasher<AccountEntity> hasher,
    AuditLog audit,
    TimeProvider time) : SignInManager<AccountEntity>(users, http, claims, options, logger, schemes, confirmation)
{
    private readonly AccountStore accounts = (AccountStore)store;

    /// <inheritdoc/>
    public override async Task<bool> CanSignInAsync(AccountEntity user) => user.DisabledAtMs is null && await base.CanSignInAsync(user);

    /// <summary>Signs in with e-mail address and password, or asks for the second step. An address that is not known takes as long as one that is.</summary>
    public async Task<SignInResult> WithPasswordAsync(string email, string password)
    {
        if (await UserManager.FindByEmailAsync(email) is not { PasswordHash: not null } account)
        {
            hasher.HashPassword(new AccountEntity { Name = email }, password);
            return SignInResult.Failed;
        }

        var wasLocked = await UserManager.IsLockedOutAsync(account);
        var result = await PasswordSignInAsync(account, password, isPersistent: false, lockoutOnFailure: true);
        if (result.IsLockedOut && !wasLocked)
        {
            await audit.WriteAsync(new(AuditActions.LockedOut, account.Email) { ActorName = "someone", Address = Address }, Context.RequestAborted);
        }

        return result;
    }

    /// <summary>Signs in with the passkey that the browser answered with (the JSON of a WebAuthn assertion).</summary>
    public async Task<SignInResult> WithPasskeyAsync(string credentialJson)
    {
        var assertion = await PerformPasskeyAssertionAsync(credentialJson);
        if (!assertion.Succeeded)
        {
            return SignInResult.Failed;
        }

        if (await PreSignInCheck(assertion.User) is { } refused)
        {
            return refused;
        }

        await UserManager.AddOrUpdatePasskeyAsync(assertion.User, assertion.Passkey);
        await SignInAsync(assertion.User, isPersistent: false, authenticationMethod: "passkey");
        return SignInResult.Success;
    }

    /// <inheritdoc/>
    public override async Task SignInWithClaimsAsync(AccountEntity user, AuthenticationProperties? authenticationProperties, IEnumerable<System.Security.Claims.Claim> additionalClaims)
    {
        var added = additionalClaims.ToList();
        if (authenticationProperties?.Items.ContainsKey(SessionCookie.SignedInItem) != true)
        {
            // A sign-in and not the renewal of one: noted before it counts.
            var method = added.Find(claim => string.Equals(claim.Type, "amr", StringComparison.Ordinal))?.Value;
            user.LastSignInAtMs = time.GetUtcNow().ToUnixTimeMilliseconds();
            accounts.AuditNext(new(AuditActions.SignedIn, user.Email, method) { Actor = ActorOf(user), Address = Address });
            var saved = await UserManager.UpdateAsync(user);
            if (!saved.Succeeded)
            {
                throw new InvalidOperationException($"A sign-in could not be noted: {saved}.");
            }
        }

        await base.SignInWithClaimsAsync(user, authenticationProperties, added);
    }

    /// <summary>The address that the request came from.</summary>
    public string? Address => Context.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : null;

    /// <summary>The account as one who acts.</summary>
    public static Actor ActorOf(AccountEntity account) => new(account.Id, account.Name, account.Role);
}
