using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.EsimflyApi.Sync;
using EsimFly.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Wholesale;

/// <summary>What eSIMfly's API has to say of the account, as it was last asked.</summary>
internal sealed class WholesaleQueries(
    AccessGuard guard,
    ApiKeyStore keys,
    Synchroniser synchroniser,
    HealthQueries health,
    IDbContextFactory<ReadModelDbContext> contexts
)
{
    /// <summary>How far synchronising is; null where no keys are set.</summary>
    public async Task<SyncState?> ReadAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return keys.Current is null ? null : await synchroniser.StateAsync(cancellationToken);
    }

    /// <summary>
    /// Since when deliveries may have been lost, Unix milliseconds: the outage that lasts, else the last time in which this desk did not
    /// run; null where there was none of late.
    /// </summary>
    public async Task<long?> OutageFromAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        var reach = await health.ReachAsync(who, cancellationToken);
        return reach.Outage?.SinceMs ?? (reach.Downtimes is [var last, ..] ? last.FromMs : null);
    }

    /// <summary>The deliveries that eSIMfly counts as failed, each with whether its event came here after all.</summary>
    public async Task<IReadOnlyList<CountedAsFailed>> FailedAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        if (await ReadAsync(who, cancellationToken) is not { Webhook.Recent: { } recent })
        {
            return [];
        }

        var failed = recent.Where(static delivery => delivery.HasFailed).ToList();
        var references = failed
            .Select(static delivery => delivery.OrderReference)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var isTest = false;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var came = await context
            .Events.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.OrderReference != null && references.Contains(row.OrderReference))
            .Select(row => new { row.OrderReference, row.Type })
            .ToListAsync(cancellationToken);
        return
        [
            .. failed.Select(delivery => new CountedAsFailed(
                delivery,
                came.Exists(row =>
                    string.Equals(row.OrderReference, delivery.OrderReference, StringComparison.Ordinal)
                    && EventTypes.Find(delivery.Event) == row.Type
                )
            )),
        ];
    }
}

/// <summary>A delivery that eSIMfly counts as failed.</summary>
/// <param name="Delivery">What eSIMfly says of it.</param>
/// <param name="Came">Whether an event of that name and order is here.</param>
internal sealed record CountedAsFailed(WholesaleDelivery Delivery, bool Came);
