using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.EsimflyApi.Sync;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Wholesale;

/// <summary>Connects the desk with an account at eSIMfly.</summary>
internal sealed class WholesaleAccountActions(
    AccessGuard guard,
    AuditLog audit,
    LogWriter writer,
    ApiKeyStore keys,
    EsimflyClient client,
    Synchroniser synchroniser,
    SecretActions secrets,
    IDbContextFactory<LogDbContext> logs,
    TimeProvider time
)
{
    /// <summary>Which account it is connected with.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<WholesaleAccount> ReadAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        return new(keys.Current?.ShownCode, keys.AreConfigured);
    }

    /// <summary>Asks eSIMfly for the balance with the keys that are set.</summary>
    /// <returns>The balance, or why there is none.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<ApiAnswer<WholesaleBalance>> TestAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        return await client.BalanceAsync(isClick: true, cancellationToken);
    }

    /// <summary>Keeps keys, sealed, once eSIMfly has answered to them.</summary>
    /// <returns>The balance, or why they are not kept.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<ApiAnswer<WholesaleBalance>> SetAsync(
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
                    audit.Append(transaction, new(AuditActions.ApiKeysSet, tried.ShownCode) { Actor = actor });
                },
                cancellationToken
            );
            synchroniser.Wake();
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

    /// <summary>Asks what is registered at eSIMfly now, and says what connecting would do.</summary>
    /// <returns>The state, or why it cannot be known.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<(WebhookPlan? Plan, string? Problem)> PlanWebhookAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var answer = await client.WebhooksAsync(isClick: true, cancellationToken);
        if (answer.Value is not { } registered)
        {
            return (null, answer.Problem!.Says);
        }

        await synchroniser.NoteAsync(registered, cancellationToken);
        var own = (await PublicAddress.Setting.ReadAsync(logs, cancellationToken)).Webhook;
        return (new(registered, own, EventsOf(registered)), null);
    }

    /// <summary>
    /// Registers this desk's address and all events at eSIMfly, and takes the secret that comes back: the present ones go on for a day.
    /// </summary>
    /// <returns>Null where it is done, else why not, in words.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<string?> ConnectWebhookAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var (plan, problem) = await PlanWebhookAsync(who, cancellationToken);
        if (plan is not { Own: { } own } || !own.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.Ordinal))
        {
            return problem ?? "Set the public address first (Settings → Webhook and secrets): eSIMfly sends to an https address.";
        }

        var answer = await client.SetWebhookAsync(own, plan.Events, cancellationToken);
        if (answer.Value is not { } set)
        {
            return answer.Problem!.Says;
        }

        // From here on eSIMfly signs with it: not to be given up where the browser goes away.
        var label = $"From eSIMfly’s API, {time.GetUtcNow().ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture)}";
        var outcome = await secrets.RotateAsync(who, label, set.Secret, SecretActions.Overlap, CancellationToken.None);
        await audit.WriteAsync(new(AuditActions.WebhookConnected, own.ToString()) { Actor = actor }, CancellationToken.None);
        await synchroniser.RunSoonAsync(SyncJob.Webhook, CancellationToken.None);
        return outcome.Problem;
    }

    /// <summary>Begins or goes on with the run over all orders that the account ever had, or halts it.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task RunHistoryAsync(ClaimsPrincipal who, bool isToRun, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        await audit.WriteAsync(
            new(AuditActions.Synchronised, isToRun ? "history begun" : "history halted") { Actor = actor },
            cancellationToken
        );
        await (isToRun ? synchroniser.StartHistoryAsync(cancellationToken) : synchroniser.StopHistoryAsync(cancellationToken));
    }

    /// <summary>Lets a job run at once.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task RunSoonAsync(ClaimsPrincipal who, SyncJob job, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        await synchroniser.RunSoonAsync(job, cancellationToken);
    }

    /// <summary>Compares with eSIMfly what came since an instant (Unix milliseconds), and works in what differs.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<ReconcileState> ReconcileAsync(
        ClaimsPrincipal who,
        long fromMs,
        IProgress<int>? progress,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        await audit.WriteAsync(new(AuditActions.Synchronised, "reconciled") { Actor = actor }, cancellationToken);
        return await synchroniser.ReconcileAsync(fromMs, progress, cancellationToken);
    }

    // All that the desk understands, of what eSIMfly offers.
    private static List<string> EventsOf(ApiWebhooks registered) =>
        registered.Available.Where(static name => EventTypes.Find(name) is not null).ToList() is { Count: > 0 } offered
            ? offered
            :
            [
                .. new[] { EventType.EsimInstalled, EventType.EsimProfileUpdated, EventType.EsimStatusChanged }.Select(static type =>
                    type.Name()
                ),
            ];
}

/// <summary>What connecting the webhook would do.</summary>
/// <param name="Registered">What is registered now.</param>
/// <param name="Own">The address that would be registered; null where this desk has no public address yet.</param>
/// <param name="Events">The events that would be registered.</param>
internal sealed record WebhookPlan(ApiWebhooks Registered, Uri? Own, IReadOnlyList<string> Events)
{
    /// <summary>Whether eSIMfly sends somewhere else now.</summary>
    public bool IsElsewhere =>
        Registered.Address is { } now && !string.Equals(now.TrimEnd('/'), Own?.ToString().TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}

/// <summary>The account at eSIMfly.</summary>
/// <param name="AccessCode">The beginning of its access code; null where there is none.</param>
/// <param name="IsConfigured">Whether the keys come from the settings, where the page cannot change them.</param>
internal sealed record WholesaleAccount(string? AccessCode, bool IsConfigured);
