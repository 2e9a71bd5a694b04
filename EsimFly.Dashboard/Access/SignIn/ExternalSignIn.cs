using System.Collections.Frozen;
using System.Security.Claims;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>
/// Turns what an identity provider reports of a person into an account, whose role follows the provider at each sign-in. Linking an
/// account that was here before takes its password, second step and passkeys: an administrator can give it a password again.
/// </summary>
internal sealed class ExternalSignIn(
    UserManager<AccountEntity> users,
    IUserStore<AccountEntity> store,
    AccountSignIn signIn,
    AccountActions accounts,
    OneTimeLinks links,
    IOptions<OidcOptions> options
)
{
    /// <summary>The name of the provider's authentication scheme.</summary>
    public const string Scheme = "oidc";

    /// <summary>Why someone was not let in, in a sentence, by the short code that the address of the sign-in page has.</summary>
    public static FrozenDictionary<string, string> Problems { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["refused"] = "The identity provider did not let you in.",
            ["nobody"] = "The identity provider did not say who you are.",
            ["role"] = "Your account at the identity provider has no role here. Ask an administrator.",
            ["disabled"] = "This account is disabled.",
            ["email"] = "The identity provider did not give an e-mail address that an account here can have.",
            ["unverified"] = "The identity provider has not verified that your e-mail address is yours.",
            ["other"] = "Another identity is linked to the account with your e-mail address. Ask an administrator.",
            ["unreachable"] = "The identity provider cannot be reached. Try again, or sign in another way.",
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Signs the person in.</summary>
    /// <returns>Why not: a key of <see cref="Problems"/>; null where they are signed in.</returns>
    public async Task<string?> SignInAsync(ClaimsPrincipal external)
    {
        if (external.FindFirstValue("sub") is not { Length: > 0 } subject)
        {
            return "nobody";
        }

        var account = await users.FindByLoginAsync(Scheme, subject);
        if (options.Value.RoleOf([.. external.FindAll(options.Value.RoleClaim).Select(claim => claim.Value)]) is not { } role)
        {
            if (account is not null)
            {
                await accounts.EndByProviderAsync(account, CancellationToken.None); // what they had here ends with the role
            }

            return "role";
        }

        if (account is null)
        {
            (account, var problem) = await LinkAsync(external, subject, role);
            if (account is null)
            {
                return problem;
            }
        }

        await accounts.FollowRoleAsync(account, role, CancellationToken.None);
        await ((AccountStore)store).ReloadAsync(account);
        if (!await signIn.MaySignInAsync(account))
        {
            return "disabled";
        }

        await signIn.SignInAsync(account, isPersistent: false, authenticationMethod: Scheme);
        return null;
    }

    private async Task<(AccountEntity? Account, string? Problem)> LinkAsync(ClaimsPrincipal external, string subject, AccountRole role)
    {
        if (external.FindFirstValue("email") is not { Length: > 0 } email)
        {
            return (null, "email");
        }

        // Somebody who could claim any address would take over the account that has it, or have one wait for its owner.
        if (
            !options.Value.TrustEmail
            && !string.Equals(external.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase)
        )
        {
            return (null, "unverified");
        }

        if (await users.FindByEmailAsync(email) is not { } account)
        {
            var (made, _) = await accounts.CreateAsync(
                email,
                external.FindFirstValue("name") ?? email,
                role,
                password: null,
                new(AuditActions.Joined, Detail: $"through the identity provider, as {role}") { Address = signIn.Address }
            );
            if (made is null || await users.FindByEmailAsync(email) is not { } found)
            {
                return (null, "email");
            }

            account = found;
        }
        else if ((await users.GetLoginsAsync(account)).Any(login => string.Equals(login.LoginProvider, Scheme, StringComparison.Ordinal)))
        {
            return (null, "other");
        }

        ((AccountStore)store).AuditNext(
            new(AuditActions.Linked, account.Email) { ActorName = "the identity provider", Address = signIn.Address }
        );
        // Who leaves there must have no way in left here.
        await ((AccountStore)store).RemovePasskeysAsync(account);
        await ((AccountStore)store).RemoveTokensAsync(account);
        (account.PasswordHash, account.TwoFactorEnabled) = (null, false);
        var added = await users.AddLoginAsync(account, new UserLoginInfo(Scheme, subject, options.Value.DisplayName));
        await links.EndAsync(account.Id);
        return added.Succeeded ? (account, null) : (null, "nobody");
    }
}
