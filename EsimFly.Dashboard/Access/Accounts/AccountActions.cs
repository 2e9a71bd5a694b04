using System.Security.Claims;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>
/// Keeps the accounts: invitations, roles, the end of an account, and links to a new password. There is always an administrator left.
/// </summary>
internal sealed class AccountActions(
    IServiceScopeFactory scopes,
    IDbContextFactory<LogDbContext> contexts,
    LogWriter writer,
    AccessGuard guard,
    OneTimeLinks links,
    AuditLog audit,
    SignInTries tries,
    IOptions<OidcOptions> oidc,
    TimeProvider time
)
{
    private const string LinkIsOver = "This link has been used or has ended. Ask for a new one.";

    private const string LastAdministrator = "This is the last administrator who can sign in. Make another one first.";

    // A new stamp signs the account out wherever it is signed in.
    private readonly string setRole = $"""
        UPDATE "Accounts" SET "Role" = @p1, "SecurityStamp" = @p2, "ConcurrencyStamp" = @p2
        WHERE "Id" = @p0 AND ("Role" <> {AccountRole.Admin:D} OR @p1 = {AccountRole.Admin:D} OR {StillOneAdministrator(oidc.Value)})
        """;

    private readonly string disable = $"""
        UPDATE "Accounts" SET "DisabledAtMs" = @p1, "IsDisabledByProvider" = FALSE, "SecurityStamp" = @p2, "ConcurrencyStamp" = @p2
        WHERE "Id" = @p0 AND ("Role" <> {AccountRole.Admin:D} OR {StillOneAdministrator(oidc.Value)})
        """;

    private readonly string disableByProvider = $"""
        UPDATE "Accounts" SET "DisabledAtMs" = @p1, "IsDisabledByProvider" = TRUE
        WHERE "Id" = @p0 AND "DisabledAtMs" IS NULL AND ("Role" <> {AccountRole.Admin:D} OR {StillOneAdministrator(oidc.Value)})
        """;

    private const string EndSessions = """UPDATE "Accounts" SET "SecurityStamp" = @p1, "ConcurrencyStamp" = @p1 WHERE "Id" = @p0""";

    private const string EnableByProvider = """
        UPDATE "Accounts" SET "DisabledAtMs" = NULL, "IsDisabledByProvider" = FALSE WHERE "Id" = @p0 AND "IsDisabledByProvider"
        """;

    private const string Enable = """
        UPDATE "Accounts" SET "DisabledAtMs" = NULL, "IsDisabledByProvider" = FALSE, "SecurityStamp" = @p1, "ConcurrencyStamp" = @p1
        WHERE "Id" = @p0
        """;

    /// <summary>All accounts, by e-mail address.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<IReadOnlyList<AccountRow>> ListAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context
            .Accounts.AsNoTracking()
            .OrderBy(row => row.NormalizedEmail)
            .Select(row => new
            {
                Account = row,
                Passkeys = context.Set<IdentityUserPasskey<string>>().Count(passkey => passkey.UserId == row.Id),
                HasLogin = context.Set<IdentityUserLogin<string>>().Any(login => login.UserId == row.Id),
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => new AccountRow(
                row.Account.Id,
                row.Account.Email!,
                row.Account.Name,
                row.Account.Role,
                row.Account.PasswordHash is not null || row.HasLogin,
                row.Account.DisabledAtMs is not null,
                tries.ClosedUntilMs(row.Account.Id),
                row.Account.TwoFactorEnabled,
                row.Passkeys,
                row.Account.LastSignInAtMs
            )),
        ];
    }

    /// <summary>Makes an account that cannot sign in before its bearer has followed the link that comes of it.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<AccountOutcome> InviteAsync(
        ClaimsPrincipal who,
        string email,
        string name,
        AccountRole role,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var (account, problem) = await CreateAsync(
            email,
            name,
            role,
            password: null,
            new(AuditActions.Invited, Detail: $"as {role}") { Actor = actor }
        );
        return account is null
            ? new(problem)
            : new(null, await links.IssueAsync(OneTimeLinkPurpose.Invitation, account.Id, cancellationToken));
    }

    /// <summary>Gives an account another role and signs it out, so that what it may no longer do ends.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public Task<AccountOutcome> SetRoleAsync(
        ClaimsPrincipal who,
        string accountId,
        AccountRole role,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            who,
            accountId,
            AuditActions.RoleChanged,
            $"to {role}",
            transaction => transaction.Execute(setRole, accountId, (int)role, NewStamp()),
            cancellationToken
        );

    /// <summary>Ends an account's sessions, and lets it in no more.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public Task<AccountOutcome> DisableAsync(ClaimsPrincipal who, string accountId, CancellationToken cancellationToken) =>
        ChangeAsync(
            who,
            accountId,
            AuditActions.Disabled,
            null,
            transaction =>
            {
                OneTimeLinks.End(transaction, accountId);
                return transaction.Execute(disable, accountId, NowMs, NewStamp());
            },
            cancellationToken
        );

    /// <summary>Lets the role of an account follow what the identity provider says, short of taking the last administrator away.</summary>
    public Task FollowRoleAsync(AccountEntity account, AccountRole role, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            transaction =>
            {
                if (transaction.Execute(EnableByProvider, account.Id) == 1)
                {
                    audit.Append(transaction, new(AuditActions.Enabled, account.Email) { ActorName = "the identity provider" });
                }

                if (account.Role != role && transaction.Execute(setRole, account.Id, (int)role, NewStamp()) == 1)
                {
                    audit.Append(
                        transaction,
                        new(AuditActions.RoleChanged, account.Email, $"to {role}") { ActorName = "the identity provider" }
                    );
                }
            },
            cancellationToken
        );

    /// <summary>
    /// The identity provider gives an account no role any more: its sessions and links end, and it is disabled until the provider gives it
    /// one again, short of taking the last administrator away.
    /// </summary>
    public Task EndByProviderAsync(AccountEntity account, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            transaction =>
            {
                OneTimeLinks.End(transaction, account.Id);
                transaction.Execute(EndSessions, account.Id, NewStamp());
                if (transaction.Execute(disableByProvider, account.Id, NowMs) == 1)
                {
                    audit.Append(
                        transaction,
                        new(AuditActions.Disabled, account.Email, "it has no role there any more") { ActorName = "the identity provider" }
                    );
                }
            },
            cancellationToken
        );

    /// <summary>Lets a disabled account in again.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public Task<AccountOutcome> EnableAsync(ClaimsPrincipal who, string accountId, CancellationToken cancellationToken) =>
        ChangeAsync(
            who,
            accountId,
            AuditActions.Enabled,
            null,
            transaction => transaction.Execute(Enable, accountId, NewStamp()),
            cancellationToken
        );

    /// <summary>Makes a link with which the account's bearer chooses a new password; a new invitation where they never joined.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<AccountOutcome> IssueResetAsync(ClaimsPrincipal who, string accountId, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var account = await context.Accounts.AsNoTracking().FirstOrDefaultAsync(row => row.Id == accountId, cancellationToken);
        if (account is null)
        {
            return new("There is no such account.");
        }

        await audit.WriteAsync(new(AuditActions.ResetIssued, account.Email) { Actor = actor }, cancellationToken);
        var purpose = account.PasswordHash is null ? OneTimeLinkPurpose.Invitation : OneTimeLinkPurpose.Reset;
        return new(null, await links.IssueAsync(purpose, accountId, cancellationToken));
    }

    /// <summary>The account that a link is for; null where the link is not good, or the account disabled.</summary>
    public async Task<AccountEntity?> FindAsync(OneTimeLinkEntity link, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Accounts.AsNoTracking()
            .FirstOrDefaultAsync(
                row => row.Id == link.AccountId && (row.DisabledAtMs == null || link.Purpose == OneTimeLinkPurpose.Recovery),
                cancellationToken
            );
    }

    /// <summary>
    /// Gives the account of a link its password and uses the link up. A reset also ends what its bearer may have lost: the
    /// second step, the passkeys, what wrong tries closed, and every session.
    /// </summary>
    public async Task<AccountOutcome> ChoosePasswordAsync(OneTimeLinkEntity link, string password, string? address)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AccountEntity>>();
        var store = (AccountStore)scope.ServiceProvider.GetRequiredService<IUserStore<AccountEntity>>();
        var account = await users.FindByIdAsync(link.AccountId ?? "");
        if (account is null || (account.DisabledAtMs is not null && link.Purpose != OneTimeLinkPurpose.Recovery))
        {
            return new("The account of this link is no longer there.");
        }

        if (await ProblemWithAsync(users, account, password) is { } problem)
        {
            return new(problem);
        }

        // All that follows is saved at once: a link that is used up has given its owner the password.
        if (!await store.UseLinkAsync(link, NowMs))
        {
            return new(LinkIsOver);
        }

        var isReset = link.Purpose != OneTimeLinkPurpose.Invitation;
        if (isReset)
        {
            await store.RemovePasskeysAsync(account);
            await store.RemoveTokensAsync(account);
            (account.DisabledAtMs, account.IsDisabledByProvider) = (null, false);
            account.TwoFactorEnabled = false;
        }

        account.PasswordHash = users.PasswordHasher.HashPassword(account, password);
        store.AuditNext(
            new(isReset ? AuditActions.Reset : AuditActions.Joined, account.Email)
            {
                Actor = AccountSignIn.ActorOf(account),
                Address = address,
            }
        );
        var saved = await users.UpdateSecurityStampAsync(account);
        if (!saved.Succeeded)
        {
            return new(saved.Errors.Any(IsRace) ? LinkIsOver : Sentence(saved));
        }

        tries.Forget(account.Id);
        return AccountOutcome.Done;
    }

    /// <summary>Makes an account, with the audit entry <paramref name="entry"/> about it.</summary>
    /// <returns>The account, or why there is none.</returns>
    internal async Task<(AccountEntity? Account, string? Problem)> CreateAsync(
        string email,
        string name,
        AccountRole role,
        string? password,
        AuditEntry entry
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AccountEntity>>();
        var store = (AccountStore)scope.ServiceProvider.GetRequiredService<IUserStore<AccountEntity>>();
        email = email.Trim();
        var account = new AccountEntity
        {
            Id = Guid.CreateVersion7().ToString(),
            UserName = email,
            Email = email,
            EmailConfirmed = true,
            Name = string.IsNullOrWhiteSpace(name) ? email : name.Trim(),
            Role = role,
            CreatedAtMs = NowMs,
        };
        store.AuditNext(entry with { Subject = email, Actor = entry.Actor ?? AccountSignIn.ActorOf(account) });
        var made = password is null ? await users.CreateAsync(account) : await users.CreateAsync(account, password);
        return made.Succeeded ? (account, null) : (null, Sentence(made));
    }

    /// <summary>Why a password is not good enough; null where it is.</summary>
    internal static async Task<string?> ProblemWithAsync(UserManager<AccountEntity> users, AccountEntity account, string password)
    {
        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, account, password);
            if (!result.Succeeded)
            {
                return Sentence(result);
            }
        }

        return null;
    }

    /// <summary>What Identity found wrong, as text for people.</summary>
    internal static string Sentence(IdentityResult result) =>
        string.Join(
            ' ',
            result
                .Errors.Where(error =>
                    !string.Equals(error.Code, nameof(IdentityErrorDescriber.DuplicateUserName), StringComparison.Ordinal)
                )
                .Select(error => error.Description)
        );

    private static bool IsRace(IdentityError error) =>
        string.Equals(error.Code, nameof(IdentityErrorDescriber.ConcurrencyFailure), StringComparison.Ordinal);

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task<AccountOutcome> ChangeAsync(
        ClaimsPrincipal who,
        string accountId,
        string action,
        string? detail,
        Func<WriteTransaction, int> change,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        return await writer.WriteAsync(
            transaction =>
            {
                if (transaction.Scalar<string>("""SELECT "Email" FROM "Accounts" WHERE "Id" = @p0""", accountId) is not { } email)
                {
                    return new("There is no such account.");
                }

                if (change(transaction) == 0)
                {
                    return new(LastAdministrator);
                }

                audit.Append(transaction, new(action, email, detail) { Actor = actor });
                return AccountOutcome.Done;
            },
            cancellationToken
        );
    }

    // A password counts only where it lets somebody in.
    private static string StillOneAdministrator(OidcOptions oidc) =>
        $"""
            EXISTS (SELECT 1 FROM "Accounts" AS other WHERE other."Role" = {AccountRole.Admin:D} AND other."DisabledAtMs" IS NULL
                AND other."Id" <> @p0
                AND ({(oidc.Only ? "" : "other.\"PasswordHash\" IS NOT NULL OR ")}EXISTS (
                    SELECT 1 FROM "AccountLogins" WHERE "UserId" = other."Id")))
            """;

    private static string NewStamp() => Guid.NewGuid().ToString("N");
}
