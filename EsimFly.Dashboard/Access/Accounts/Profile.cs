using System.Security.Claims;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>What people do to their own account. Each change is recorded, ends their other sessions and renews this one.</summary>
internal sealed class Profile(
    UserManager<AccountEntity> users,
    IUserStore<AccountEntity> store,
    AccountSignIn signIn,
    AccessGuard guard,
    OneTimeLinks links,
    IDataProtectionProvider protection,
    IOptions<AccessOptions> options
)
{
    private const string Issuer = "eSIMfly desk";
    private const int RecoveryCodes = 10;
    private const int LongestName = 80;
    private const int MaxPasskeys = 10;

    private static readonly TimeSpan TicketIsGoodFor = TimeSpan.FromMinutes(15);

    private readonly AccountStore accounts = (AccountStore)store;

    private ITimeLimitedDataProtector Tickets =>
        protection.CreateProtector("EsimFly.Dashboard.TwoStepSetUp.v1").ToTimeLimitedDataProtector();

    /// <summary>The account of who asks; null where they may no longer be here.</summary>
    public async Task<AccountEntity?> FindAsync(ClaimsPrincipal who) =>
        await guard.FindAsync(who, CancellationToken.None) is { } actor ? await users.FindByIdAsync(actor.AccountId) : null;

    /// <summary>The passkeys, oldest first.</summary>
    public async Task<IList<UserPasskeyInfo>> PasskeysAsync(AccountEntity account) =>
        [.. (await users.GetPasskeysAsync(account)).OrderBy(passkey => passkey.CreatedAt)];

    /// <summary>How many recovery codes are left.</summary>
    public Task<int> RecoveryCodesLeftAsync(AccountEntity account) => users.CountRecoveryCodesAsync(account);

    /// <summary>Changes what the person is called.</summary>
    /// <returns>Why not, in a sentence; null where it is done, here and below.</returns>
    public Task<string?> RenameAsync(AccountEntity account, string name)
    {
        account.Name = name.Trim() is { Length: <= LongestName } fitting ? fitting : name.Trim()[..LongestName];
        return ChangeAsync(account, AuditActions.Renamed, $"to {account.Name}", () => users.UpdateAsync(account));
    }

    /// <summary>Changes the password, and ends links to another.</summary>
    public async Task<string?> ChangePasswordAsync(AccountEntity account, string present, string chosen)
    {
        var problem =
            await ConfirmAsync(account, present)
            ?? await ChangeAsync(account, AuditActions.PasswordChanged, null, () => users.ChangePasswordAsync(account, present, chosen));
        if (problem is null)
        {
            await links.EndAsync(account.Id);
        }

        return problem;
    }

    /// <summary>Makes sure that it is the account's owner who asks, and not somebody who found their desk open.</summary>
    public async Task<string?> ConfirmAsync(AccountEntity account, string password) =>
        account.PasswordHash is null || await signIn.ConfirmPasswordAsync(account, password)
            ? null
            : $"That is not your current password. {SignInTries.Words}";

    /// <summary>Ends every session of the account, this one too.</summary>
    public async Task EndSessionsAsync(AccountEntity account)
    {
        accounts.AuditNext(Entry(account, AuditActions.SignedOut, "everywhere"));
        await users.UpdateSecurityStampAsync(account);
    }

    /// <summary>
    /// The key for an authenticator app, and the address that its QR code holds (the app's Key URI format). Not to be shown once two-step
    /// sign-in is on.
    /// </summary>
    public async Task<(string Key, string Uri)> AuthenticatorKeyAsync(AccountEntity account)
    {
        var key = await users.GetAuthenticatorKeyAsync(account);
        if (key is null)
        {
            await users.ResetAuthenticatorKeyAsync(account);
            await signIn.RefreshSignInAsync(account);
            key = await users.GetAuthenticatorKeyAsync(account);
        }

        var (issuer, name) = (Uri.EscapeDataString(Issuer), Uri.EscapeDataString(account.Email!));
        return (key!, $"otpauth://totp/{issuer}:{name}?secret={key}&issuer={issuer}&digits=6");
    }

    /// <summary>Proves for a quarter of an hour that the account's owner gave the password, so that they may see the key again.</summary>
    public string KeyTicket(AccountEntity account) => Tickets.Protect($"{account.Id} {account.SecurityStamp}", TicketIsGoodFor);

    /// <summary>Whether that is a ticket of the account's, and still good.</summary>
    public bool IsKeyTicket(AccountEntity account, string? ticket)
    {
        try
        {
            return ticket is not null
                && string.Equals(Tickets.Unprotect(ticket), $"{account.Id} {account.SecurityStamp}", StringComparison.Ordinal);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Switches two-step sign-in on, with a code that proves that the app has the key.</summary>
    /// <returns>The recovery codes; null where the code is wrong.</returns>
    public async Task<IReadOnlyList<string>?> SwitchTwoStepOnAsync(AccountEntity account, string code)
    {
        if (!await signIn.ConfirmAppCodeAsync(account, code))
        {
            return null;
        }

        if (
            !account.TwoFactorEnabled
            && await ChangeAsync(account, AuditActions.TwoStepOn, null, () => users.SetTwoFactorEnabledAsync(account, true)) is { } problem
        )
        {
            throw new InvalidOperationException(problem);
        }

        accounts.AuditNext(Entry(account, AuditActions.RecoveryCodesMade, null));
        return [.. await users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes) ?? []];
    }

    /// <summary>Switches two-step sign-in off.</summary>
    public async Task<string?> SwitchTwoStepOffAsync(AccountEntity account, string password) =>
        (account.Role >= options.Value.SecondStepFrom ? "Your role needs two-step sign-in." : null)
        ?? await ConfirmAsync(account, password)
        ?? await ChangeAsync(
            account,
            AuditActions.TwoStepOff,
            null,
            async () =>
            {
                await accounts.RemoveTokensAsync(account); // another time begins with another key
                return await users.SetTwoFactorEnabledAsync(account, false);
            }
        );

    /// <summary>Adds the passkey that the browser made (the JSON of a WebAuthn attestation).</summary>
    public async Task<string?> AddPasskeyAsync(AccountEntity account, string password, string credentialJson, string name)
    {
        if (await ConfirmAsync(account, password) is { } notTheirs)
        {
            return notTheirs;
        }

        if (account.PasswordHash is null && (await users.GetLoginsAsync(account)).Count > 0)
        {
            return "You sign in through the identity provider. Where you need another way, an administrator gives you a password first.";
        }

        if ((await users.GetPasskeysAsync(account)).Count >= MaxPasskeys)
        {
            return $"An account has {MaxPasskeys} passkeys at most.";
        }

        if (await AttestAsync(credentialJson) is not { Succeeded: true } attestation)
        {
            return "The passkey could not be added: the browser's answer did not fit. Try again.";
        }

        attestation.Passkey.Name = string.IsNullOrWhiteSpace(name) ? "Passkey" : name.Trim()[..Math.Min(name.Trim().Length, LongestName)];
        return await ChangeAsync(
            account,
            AuditActions.PasskeyAdded,
            attestation.Passkey.Name,
            () => users.AddOrUpdatePasskeyAsync(account, attestation.Passkey)
        );
    }

    /// <summary>Removes a passkey, by its credential id in hexadecimal digits.</summary>
    public async Task<string?> RemovePasskeyAsync(AccountEntity account, string credentialId)
    {
        var passkey = (await users.GetPasskeysAsync(account)).FirstOrDefault(known =>
            string.Equals(Convert.ToHexString(known.CredentialId), credentialId, StringComparison.OrdinalIgnoreCase)
        );
        return passkey is null
            ? "There is no such passkey."
            : await ChangeAsync(
                account,
                AuditActions.PasskeyRemoved,
                passkey.Name,
                () => users.RemovePasskeyAsync(account, passkey.CredentialId)
            );
    }

    private async Task<PasskeyAttestationResult?> AttestAsync(string credentialJson)
    {
        try
        {
            return string.IsNullOrEmpty(credentialJson) ? null : await signIn.PerformPasskeyAttestationAsync(credentialJson);
        }
        catch (InvalidOperationException)
        {
            return null; // nothing was asked of this browser, or too long ago
        }
    }

    private async Task<string?> ChangeAsync(AccountEntity account, string action, string? detail, Func<Task<IdentityResult>> change)
    {
        accounts.AuditNext(Entry(account, action, detail));
        var result = await change();
        if (!result.Succeeded)
        {
            accounts.AuditNothing();
            return AccountActions.Sentence(result);
        }

        await users.UpdateSecurityStampAsync(account);
        await signIn.RefreshSignInAsync(account);
        return null;
    }

    private AuditEntry Entry(AccountEntity account, string action, string? detail) =>
        new(action, account.Email, detail) { Actor = AccountSignIn.ActorOf(account), Address = signIn.Address };
}
