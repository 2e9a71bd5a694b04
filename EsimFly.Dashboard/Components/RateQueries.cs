using EsimFly.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Components;

/// <summary>Counts deliveries by when they came.</summary>
internal sealed class RateQueries(IDbContextFactory<DashboardDbContext> contexts)
{
    /// <summary>How many real deliveries came in each of the slots of equal length from an instant on; slots without any are left out.</summary>
    /// <param name="sinceMs">Where the first slot begins, Unix milliseconds.</param>
    /// <param name="slotMs">How long each is, in milliseconds.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<IReadOnlyDictionary<long, int>> CountAsync(long sinceMs, long slotMs, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Deliveries.AsNoTracking()
            .Where(row => row.ReceivedAtMs >= sinceMs && !row.IsTest)
            .GroupBy(row => (row.ReceivedAtMs - sinceMs) / slotMs)
            .Select(group => new { Slot = group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Slot, group => group.Count, cancellationToken);
    }
}
