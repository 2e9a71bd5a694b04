using System.Text;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>
/// The accounts as ASP.NET Core Identity keeps them: saved through the one writer, an audit entry in the same transaction,
/// and the keys and recovery codes of two-step sign-in sealed.
/// </summary>
internal sealed class AccountStore(LogDbContext context, LogWriter writer, Sealer sealer, AuditLog audit)
    : UserOnlyStore<AccountEntity, LogDbContext>(context)
{
    /// <summary>Has an entry written with whatever is saved next.</summary>
    public void AuditNext(AuditEntry entry) => Context.Audit.Add(audit.ToRow(entry));

    /// <summary>Drops what was to be written with the next save, since it did not happen.</summary>
    public void AuditNothing()
    {
        foreach (var entry in Context.ChangeTracker.Entries<AuditEntity>().ToList())
        {
            entry.State = EntityState.Detached;
        }
    }

    /// <summary>Has a link used up with the next save, in the same transaction.</summary>
    /// <returns>False where it has been used or has ended meanwhile.</returns>
    public async Task<bool> UseLinkAsync(OneTimeLinkEntity link, long nowMs)
    {
        var row = await Context.OneTimeLinks.FirstOrDefaultAsync(row => row.Id == link.Id);
        if (row is null || !OneTimeLinks.IsGood(row, nowMs))
        {
            return false;
        }

        row.UsedAtMs = nowMs;
        return true;
    }

    /// <summary>Has the passkeys removed with the next save.</summary>
    public async Task RemovePasskeysAsync(AccountEntity account)
    {
        var passkeys = await Context.Set<IdentityUserPasskey<string>>().Where(passkey => passkey.UserId == account.Id).ToListAsync();
        Context.RemoveRange(passkeys);
    }

    /// <summary>Has the key of the authenticator app and the recovery codes removed with the next save.</summary>
    public async Task RemoveTokensAsync(AccountEntity account)
    {
        var tokens = await Context.Set<IdentityUserToken<string>>().Where(token => token.UserId == account.Id).ToListAsync();
        Context.RemoveRange(tokens);
    }

    /// <summary>Reads an account again.</summary>
    public Task ReloadAsync(AccountEntity account) => Context.Entry(account).ReloadAsync();

    /// <summary>The id of the account with that address; null where there is none. Nothing is remembered of it.</summary>
    public Task<string?> FindIdAsync(string? normalizedEmail) =>
        Context.Accounts.AsNoTracking().Where(row => row.NormalizedEmail == normalizedEmail).Select(row => row.Id).FirstOrDefaultAsync();

    /// <inheritdoc/>
    public override Task<IdentityResult> CreateAsync(AccountEntity user, CancellationToken cancellationToken = default) =>
        writer.SaveAsync(() => base.CreateAsync(user, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override Task<IdentityResult> UpdateAsync(AccountEntity user, CancellationToken cancellationToken = default) =>
        writer.SaveAsync(() => base.UpdateAsync(user, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override Task<IdentityResult> DeleteAsync(AccountEntity user, CancellationToken cancellationToken = default) =>
        writer.SaveAsync(() => base.DeleteAsync(user, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override Task AddOrUpdatePasskeyAsync(AccountEntity user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        SaveAsync(() => base.AddOrUpdatePasskeyAsync(user, passkey, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override Task RemovePasskeyAsync(AccountEntity user, byte[] credentialId, CancellationToken cancellationToken) =>
        SaveAsync(() => base.RemovePasskeyAsync(user, credentialId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override Task SetTokenAsync(
        AccountEntity user,
        string loginProvider,
        string name,
        string? value,
        CancellationToken cancellationToken
    )
    {
        var sealedValue = value is null
            ? null
            : Convert.ToBase64String(sealer.Seal(Encoding.UTF8.GetBytes(value), SealPurpose.AccountToken));
        return base.SetTokenAsync(user, loginProvider, name, sealedValue, cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task<string?> GetTokenAsync(
        AccountEntity user,
        string loginProvider,
        string name,
        CancellationToken cancellationToken
    )
    {
        var sealedValue = await base.GetTokenAsync(user, loginProvider, name, cancellationToken);
        return sealedValue is null
            ? null
            : Encoding.UTF8.GetString(sealer.Open(Convert.FromBase64String(sealedValue), SealPurpose.AccountToken));
    }

    private Task<bool> SaveAsync(Func<Task> save, CancellationToken cancellationToken) =>
        writer.SaveAsync(
            async () =>
            {
                await save();
                return true;
            },
            cancellationToken
        );
}
