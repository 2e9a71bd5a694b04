using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.Sessions;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>
/// Signs accounts in with ASP.NET Core Identity: never a disabled one, whichever way it comes, and never unrecorded. Passwords and second
/// steps are limited by <see cref="SignInTries"/>; passkeys and the identity provider are not.
/// </summary>
internal sealed partial class AccountSignIn(
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
    PasswordTurns passwordTurns,
    SignInTries tries,
    CallerAddress caller,
    DashboardMetrics metrics,
    IOptions<OidcOptions> oidc,
    AuditLog audit,
    TimeProvider time
) : SignInManager<AccountEntity>(users, http, claims, options, logger, schemes, confirmation)
{
    /// <summary>So many passwords are being checked that this one was not.</summary>
    public static readonly SignInResult Busy = new();

    private readonly AccountStore accounts = (AccountStore)store;

    /// <inheritdoc/>
    public override async Task<bool> CanSignInAsync(AccountEntity user) => user.DisabledAtMs is null && await base.CanSignInAsync(user);

    /// <summary>Whether an account may sign in now: it is not disabled.</summary>
    public async Task<bool> MaySignInAsync(AccountEntity account) => await PreSignInCheck(account) is null;

    /// <inheritdoc/>
    public override async Task<AccountEntity?> ValidateSecurityStampAsync(ClaimsPrincipal? principal) =>
        await base.ValidateSecurityStampAsync(principal) is { } account && await CanSignInAsync(account) ? account : null;

    /// <summary>
    /// Signs in with e-mail address and password, or asks for the second step. An address that is not known takes as long as one that is.
    /// </summary>
    public async Task<SignInResult> WithPasswordAsync(string email, string password)
    {
        if (oidc.Value.Only)
        {
            return SignInResult.NotAllowed;
        }

        using var hashing = await passwordTurns.TakeAsync(Context.RequestAborted);
        if (hashing is null)
        {
            metrics.SignInRefused("busy");
            return Busy;
        }

        if (await accounts.FindIdAsync(UserManager.NormalizeEmail(email)) is not { } id)
        {
            SpendAsMuchTime(password);
            await NoteAsync(account: null, "password", SignInResult.Failed);
            return SignInResult.Failed;
        }

        if (tries.IsClosed(id, Network))
        {
            SpendAsMuchTime(password); // before its turn, which is its owner's
            metrics.SignInRefused("closed");
            return SignInResult.Failed;
        }

        using var turn = await turns.TakeAsync(id, Context.RequestAborted);
        var account = (await UserManager.FindByIdAsync(id))!;
        if (account.PasswordHash is null || tries.IsClosed(account.Id, Network) || !await MaySignInAsync(account))
        {
            SpendAsMuchTime(password);
            metrics.SignInRefused("closed");
            return SignInResult.Failed;
        }

        var result = await PasswordSignInAsync(account, password, isPersistent: false, lockoutOnFailure: false);
        await NoteAsync(account, "password", result);
        return result;
    }

    /// <summary>Whether that is the account's password. A wrong one counts like one at sign-in.</summary>
    public async Task<bool> ConfirmPasswordAsync(AccountEntity account, string password)
    {
        using var hashing = await passwordTurns.TakeAsync(Context.RequestAborted);
        if (hashing is null)
        {
            return false;
        }

        using var turn = await turns.TakeAsync(account.Id, Context.RequestAborted);
        await accounts.ReloadAsync(account);
        if (tries.IsClosed(account.Id, Network))
        {
            return false;
        }

        var result = await CheckPasswordSignInAsync(account, password, lockoutOnFailure: false);
        await NoteAsync(account, "password", result);
        return result.Succeeded;
    }

    /// <summary>Whether that is a code of the account's authenticator app. A wrong one counts like one at sign-in.</summary>
    public async Task<bool> ConfirmAppCodeAsync(AccountEntity account, string code)
    {
        using var turn = await turns.TakeAsync(account.Id, Context.RequestAborted);
        if (tries.IsClosed(account.Id, Network))
        {
            return false;
        }

        var isRight = await UserManager.VerifyTwoFactorTokenAsync(account, Options.Tokens.AuthenticatorTokenProvider, code);
        await NoteAsync(account, "app_code", isRight ? SignInResult.Success : SignInResult.Failed);
        return isRight;
    }

    /// <summary>Ends the sign-in that waits for its second step with an authenticator app's code: see <see cref="AppCodes"/>.</summary>
    public Task<SignInResult> WithAppCodeAsync(string code) =>
        WithSecondStepAsync("app_code", _ => TwoFactorAuthenticatorSignInAsync(code, isPersistent: false, rememberClient: false));

    /// <summary>Ends the sign-in that waits for its second step with a recovery code.</summary>
    public Task<SignInResult> WithRecoveryCodeAsync(string code) =>
        WithSecondStepAsync(
            "recovery_code",
            async account =>
            {
                var result = await TwoFactorRecoveryCodeSignInAsync(code);
                if (result.Succeeded)
                {
                    await audit.WriteAsync(
                        new(AuditActions.RecoveryCodeUsed, account.Email) { Actor = ActorOf(account), Address = Address },
                        CancellationToken.None
                    );
                }

                return result;
            }
        );

    /// <summary>Signs in with the passkey that the browser answered with (the JSON of a WebAuthn assertion).</summary>
    public async Task<SignInResult> WithPasskeyAsync(string credentialJson)
    {
        if (oidc.Value.Only)
        {
            return SignInResult.NotAllowed;
        }

        if (await AssertAsync(credentialJson) is not { Succeeded: true } assertion)
        {
            metrics.SignInRefused("passkey");
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

    private async Task<SignInResult> WithSecondStepAsync(string method, Func<AccountEntity, Task<SignInResult>> sign)
    {
        if (await GetTwoFactorAuthenticationUserAsync() is not { } account)
        {
            return SignInResult.Failed;
        }

        using var turn = await turns.TakeAsync(account.Id, Context.RequestAborted);
        await accounts.ReloadAsync(account);
        if (!account.TwoFactorEnabled || tries.IsClosed(account.Id, Network) || !await MaySignInAsync(account))
        {
            return SignInResult.Failed; // switched off, reset, disabled or closed since the first step
        }

        var result = await sign(account);
        await NoteAsync(account, method, result);
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

    private async Task NoteAsync(AccountEntity? account, string method, SignInResult result)
    {
        if (result.Succeeded || result.RequiresTwoFactor)
        {
            if (result.Succeeded && account is not null)
            {
                tries.NoteRight(account.Id, Network);
            }

            return; // a password that leads on to the second step begins nothing again: the step would have no limit
        }

        metrics.SignInRefused(method);
        var closed = tries.NoteWrong(account?.Id, account?.Email, Network);
        Log.Refused(Logger, method, Address, account?.Id);
        if (account is not null && closed is { } duration)
        {
            var words = string.Create(CultureInfo.InvariantCulture, $"to {Network}, for {duration.TotalMinutes:0} min");
            await audit.WriteAsync(
                new(AuditActions.LockedOut, account.Email, words) { ActorName = "someone", Address = Address },
                CancellationToken.None
            );
        }
    }

    private void SpendAsMuchTime(string password) => hasher.HashPassword(new AccountEntity { Name = "" }, password);

    /// <summary>The address that the request came from.</summary>
    public string? Address => caller.Current?.ToString();

    private string Network => SenderNetwork.Of(caller.Current);

    /// <summary>The account as one who acts.</summary>
    public static Actor ActorOf(AccountEntity account) => new(account.Id, account.Email!, account.Role);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A sign-in by {Method} from {Address} was refused, for account {AccountId} (none: not known).")]
        public static partial void Refused(ILogger logger, string method, string? address, string? accountId);
    }
}
