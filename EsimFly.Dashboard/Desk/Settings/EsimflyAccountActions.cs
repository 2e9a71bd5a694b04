using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Desk.Settings;

/// <summary>Connects the desk with an account at eSIMfly.</summary>
internal sealed class EsimflyAccountActions(AccessGuard guard, AuditLog audit, LogWriter writer, ApiKeyStore keys, EsimflyClient client)
{
    /// <summary>Which account it is connected with.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<EsimflyAccount> ReadAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        return new(keys.Current?.AccessCode, keys.AreConfigured);
    }

    /// <summary>Asks eSIMfly for the balance with the keys that are set.</summary>
    /// <returns>The balance, or why there is none.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<ApiAnswer<ApiBalance>> TestAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        return await client.BalanceAsync(isClick: true, cancellationToken);
    }

    /// <summary>Keeps keys, sealed, once eSIMfly has answered to them.</summary>
    /// <returns>The balance, or why they are not kept.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<ApiAnswer<ApiBalance>> SetAsync(
        ClaimsPrincipal who,
        string accessCode,
        string secretKey,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var tried = new ApiKeys(accessCode.Trim(), secretKey.Trim());
        if (tried.AccessCode.Length == 0 || tried.SecretKey.Length == 0 || tried.AccessCode.Any(letter => letter is <= ' ' or > '~'))
        {
            return new ApiProblem("missing", "Access code and secret key are both needed, as eSIMfly shows them.");
        }

        var answer = await client.TryAsync(tried, cancellationToken);
        if (answer.Value is not null)
        {
            await writer.WriteAsync(
                transaction =>
                {
                    keys.Write(transaction, tried);
                    audit.Append(transaction, new(AuditActions.ApiKeysSet, Shown(tried.AccessCode)) { Actor = actor });
                },
                cancellationToken
            );
        }

        return answer;
    }

    /// <summary>Removes the keys: from now on eSIMfly is asked nothing.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task RemoveAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        await writer.WriteAsync(
            transaction =>
            {
                keys.Write(transaction, keys: null);
                audit.Append(transaction, new(AuditActions.ApiKeysRemoved) { Actor = actor });
            },
            cancellationToken
        );
    }

    /// <summary>An access code as people tell accounts apart.</summary>
    public static string Shown(string accessCode) => accessCode.Length <= 8 ? accessCode : accessCode[..8] + "…";
}

/// <summary>The account at eSIMfly.</summary>
/// <param name="AccessCode">Its access code; null where there is none.</param>
/// <param name="IsConfigured">Whether the keys come from the settings, where the page cannot change them.</param>
internal sealed record EsimflyAccount(string? AccessCode, bool IsConfigured);
