using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Access.Account;

/// <summary>The keys of eSIMfly's API, as the set-up page takes them: by its one-time link, before there is an account.</summary>
internal sealed class SetUpKeys(ApiKeyStore keys, EsimflyClient client, LogWriter writer, AuditLog audit)
{
    /// <summary>Whether they come from the settings, where the page cannot change them.</summary>
    public bool AreConfigured => keys.AreConfigured;

    /// <summary>Asks eSIMfly whether keys are good.</summary>
    /// <returns>Null where they are, else why not, in words.</returns>
    public async Task<string?> TryAsync(ApiKeys tried, CancellationToken cancellationToken) =>
        (await client.TryAsync(tried, cancellationToken)).Problem?.Says;

    /// <summary>Keeps keys for the account that was made.</summary>
    public Task KeepAsync(ApiKeys good, AccountEntity account) =>
        writer.WriteAsync(
            transaction =>
            {
                keys.Write(transaction, good);
                audit.Append(transaction, new(AuditActions.ApiKeysSet, good.ShownCode) { ActorName = account.Email! });
            },
            CancellationToken.None
        );
}
