using System.Security.Claims;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>
/// Signs accounts in with ASP.NET Core Identity: never a disabled or locked one, whichever way it comes, and never unrecorded.
/// </summary>
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
    AccountTurns turns,
    AuditLog audit,
    TimeProvider time
) : SignInManager<AccountEntity>(users, http, claims, options, logger, schemes, confirmation)
{
    private readonly AccountStore accounts = (AccountStore)store;

    /// <inheritdoc/>
    public override async Task<bool> CanSignInAsync(AccountEntity user) => user.DisabledAtMs is null && await base.CanSignInAsync(user);

    /// <summary>Whether an account may sign in now: neither disabled nor locked.</summary>
    public async Task<bool> MaySignInAsync(AccountEntity account) => await PreSignInCheck(account) is null;

    /// <inheritdoc/>
    public override async Task<AccountEntity?> ValidateSecurityStampAsync(ClaimsPrincipal? principal) =>
        await base.ValidateSecurityStampAsync(principal) is { } account && await CanSignInAsync(account) ? account : null;

    /// <summary>
    /// Signs in with e-mail address and password, or asks for the second step. An address that is not known takes as long as one that is.
    /// </summary>
    public async Task<SignInResult> WithPasswordAsync(string email, string password)
    {
        if (await accounts.FindIdAsync(UserManager.NormalizeEmail(email)) is not { } id)
        {
            SpendAsMuchTime(password);
            return SignInResult.Failed;
        }

        using var turn = await turns.TakeAsync(id, Context.RequestAborted);
        var account = (await UserManager.FindByIdAsync(id))!;
        if (account.PasswordHash is null || !await MaySignInAsync(account))
        {
            SpendAsMuchTime(password);
            return SignInResult.Failed;
        }

        var result = await PasswordSignInAsync(account, password, isPersistent: false, lockoutOnFailure: true);
        await NoteLockoutAsync(account, result);
        return result;
    }

    /// <summary>Whether that is the account's password. A wrong one counts towards the lockout.</summary>
    public async Task<bool> ConfirmPasswordAsync(AccountEntity account, string password)
    {
        using var turn = await turns.TakeAsync(account.Id, Context.RequestAborted);
        await accounts.ReloadAsync(account);
        var result = await CheckPasswordSignInAsync(account, password, lockoutOnFailure: true);
        await NoteLockoutAsync(account, result);
        return result.Succeeded;
    }

    /// <summary>Ends the sign-in that waits for its second step with an authenticator app's code: see <see cref="AppCodes"/>.</summary>
    public Task<SignInResult> WithAppCodeAsync(string code) =>
        WithSecondStepAsync(_ => TwoFactorAuthenticatorSignInAsync(code, isPersistent: false, rememberClient: false));

    /// <summary>Ends the sign-in that waits for its second step with a recovery code.</summary>
    public Task<SignInResult> WithRecoveryCodeAsync(string code) =>
        WithSecondStepAsync(async account =>
        {
            var result = await TwoFactorRecoveryCodeSignInAsync(code);
            if (result.Succeeded)
            {
                await audit.WriteAsync(
                    new(AuditActions.RecoveryCodeUsed, account.Email) { Actor = ActorOf(account), Address = Address },
                    CancellationToken.None
                );
            }
            else
            {
                await UserManager.AccessFailedAsync(account); // the library counts the app's codes only
            }

            return result;
        });

    /// <summary>Signs in with the passkey that the browser answered with (the JSON of a WebAuthn assertion).</summary>
    public async Task<SignInResult> WithPasskeyAsync(string credentialJson)
    {
        if (await AssertAsync(credentialJson) is not { Succeeded: true } assertion)
        {
            return SignInResult.Failed;
        }

        if (!await MaySignInAsync(assertion.User))
        {
            return SignInResult.Failed;
        }

        await UserManager.AddOrUpdatePasskeyAsync(assertion.User, assertion.Passkey);
        await SignInAsync(assertion.User, isPersistent: false, authenticationMethod: "passkey");
        return SignInResult.Success;
    }

    /// <inheritdoc/>
    public override async Task SignInWithClaimsAsync(
        AccountEntity user,
        AuthenticationProperties? authenticationProperties,
        IEnumerable<Claim> additionalClaims
    )
    {
        if (!await CanSignInAsync(user))
        {
            throw new AccessDeniedException(AccountRole.Viewer);
        }

        var added = additionalClaims.ToList();
        if (authenticationProperties?.Items.ContainsKey(SessionCookie.SignedInItem) != true)
        {
            // A sign-in and not the renewal of one: noted before it counts.
            var method = added.Find(static claim => claim.Type is "amr" or ClaimTypes.AuthenticationMethod)?.Value switch
            {
                "pwd" => "with a password",
                "mfa" => "with a second step",
                "passkey" => "with a passkey",
                _ => "through the identity provider",
            };
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

    private async Task<SignInResult> WithSecondStepAsync(Func<AccountEntity, Task<SignInResult>> sign)
    {
        if (await GetTwoFactorAuthenticationUserAsync() is not { } account)
        {
            return SignInResult.Failed;
        }

        using var turn = await turns.TakeAsync(account.Id, Context.RequestAborted);
        await accounts.ReloadAsync(account);
        if (!account.TwoFactorEnabled || !await MaySignInAsync(account))
        {
            return SignInResult.Failed; // switched off, reset, disabled or locked since the first step
        }

        var result = await sign(account);
        await NoteLockoutAsync(account, result);
        return result;
    }

    private async Task<PasskeyAssertionResult<AccountEntity>?> AssertAsync(string credentialJson)
    {
        try
        {
            return string.IsNullOrEmpty(credentialJson) ? null : await PerformPasskeyAssertionAsync(credentialJson);
        }
        catch (InvalidOperationException)
        {
            return null; // nothing was asked of this browser, or too long ago
        }
    }

    // Once: a locked account is refused before anything is counted.
    private async Task NoteLockoutAsync(AccountEntity account, SignInResult result)
    {
        if (result.IsLockedOut || (!result.Succeeded && await UserManager.IsLockedOutAsync(account)))
        {
            await audit.WriteAsync(
                new(AuditActions.LockedOut, account.Email) { ActorName = "someone", Address = Address },
                CancellationToken.None
            );
        }
    }

    private void SpendAsMuchTime(string password) => hasher.HashPassword(new AccountEntity { Name = "" }, password);

    /// <summary>The address that the request came from.</summary>
    public string? Address =>
        Context.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : null;

    /// <summary>The account as one who acts.</summary>
    public static Actor ActorOf(AccountEntity account) => new(account.Id, account.Email!, account.Role);
}
