using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Health;

/// <summary>Counts deliveries by when they came.</summary>
internal sealed class RateQueries(AccessGuard guard, IDbContextFactory<ReadModelDbContext> contexts)
{
    /// <summary>
    /// How many real deliveries came in each of the slots of equal length from an instant on; slots without any are left out.
    /// </summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sinceMs">Where the first slot begins, at a full minute, Unix milliseconds.</param>
    /// <param name="slotMs">How long each is, full minutes in milliseconds.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<IReadOnlyDictionary<long, int>> CountAsync(
        ClaimsPrincipal who,
        long sinceMs,
        long slotMs,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var isTest = false; // as a variable: this index begins with it
        return await context
            .MinuteTallies.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.MinuteMs >= sinceMs)
            .GroupBy(row => (row.MinuteMs - sinceMs) / slotMs)
            .Select(group => new { Slot = group.Key, Count = group.Sum(row => row.Count) })
            .ToDictionaryAsync(group => group.Slot, group => (int)group.Count, cancellationToken);
    }
}
