using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Overview;

/// <summary>What the Overview shows. Test data is in no total.</summary>
internal sealed class OverviewQueries(IDbContextFactory<DeskDbContext> contexts)
{
    private const int FeedLength = 50;

    /// <summary>The totals.</summary>
    /// <param name="todayStartMs">When the viewer's day began, Unix milliseconds.</param>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<OverviewTotals> TotalsAsync(long todayStartMs, long nowMs, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (isTest, succeeded) = (false, false); // as variables: these indexes begin with the world
        var today = await context.Orders
            .Within(isTest: false)
            .Where(row => row.SortAtMs >= todayStartMs)
            .GroupBy(row => row.Status)
            .Select(group => new { Status = group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Status, group => group.Count, cancellationToken);
        var active = context.Esims.Where(row => row.IsTest == isTest && row.PlanStatus == PlanStatus.Active);
        var soonMs = nowMs + (long)TimeSpan.FromHours(72).TotalMilliseconds;
        var failedTopUps = await context.TopUps.CountAsync(row => row.IsTest == isTest && row.Succeeded == succeeded && row.OccurredAtMs >= todayStartMs, cancellationToken);
        var reading = await context.BalanceReadings
            .Where(row => row.IsTest == isTest)
            .OrderByDescending(row => row.OccurredAtMs).ThenByDescending(row => row.BodyHash)
            .Select(row => new BalanceNow(row.Balance, row.Threshold, row.OccurredAtMs))
            .FirstOrDefaultAsync(cancellationToken);
        var failedOrders = await context.Orders.Within(isTest: false).CountAsync(row => row.Status == OrderStatus.Failed && row.FailedAtMs >= todayStartMs, cancellationToken);
        return new OverviewTotals(
            today.Values.Sum(),
            today.GetValueOrDefault(OrderStatus.Processing),
            today.GetValueOrDefault(OrderStatus.Completed),
            failedOrders,
            await active.CountAsync(cancellationToken),
            await active.CountAsync(row => row.ExpiresAtMs >= nowMs && row.ExpiresAtMs < soonMs, cancellationToken),
            failedTopUps,
            reading);
    }

    /// <summary>The last 50 events of a world, or of both where it is null, latest first.</summary>
    public async Task<IReadOnlyList<EventRow>> FeedAsync(bool? isTest, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Events.AsNoTracking().Within(isTest).OrderByDescending(row => row.DeliverySeq).Take(FeedLength).Select(EventRow.From(context)).ToListAsync(cancellationToken);
    }
}

/// <summary>The totals of the Overview.</summary>
/// <param name="Placed">Orders placed today.</param>
/// <param name="Processing">Of these: not ended.</param>
/// <param name="Completed">Of these: completed.</param>
/// <param name="Failed">Orders that failed today, whenever they were placed.</param>
/// <param name="ActiveEsims">Plans in use.</param>
/// <param name="ExpiringEsims">Of these: those that end within 72 hours.</param>
/// <param name="FailedTopUps">Top-ups that failed today.</param>
/// <param name="Balance">The latest reading; null where there is none.</param>
internal sealed record OverviewTotals(int Placed, int Processing, int Completed, int Failed, int ActiveEsims, int ExpiringEsims, int FailedTopUps, BalanceNow? Balance);

/// <summary>The latest balance reading.</summary>
internal sealed record BalanceNow(decimal? Amount, decimal? Threshold, long AsOfMs);
