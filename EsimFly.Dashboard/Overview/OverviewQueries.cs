using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Overview;

/// <summary>What the Overview shows. Test data is in no total.</summary>
internal sealed class OverviewQueries(IDbContextFactory<DashboardDbContext> contexts)
{
    private const int FeedLength = 50;

    /// <summary>The totals.</summary>
    /// <param name="todayStartMs">When the viewer's day began, Unix milliseconds.</param>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<OverviewTotals> TotalsAsync(long todayStartMs, long nowMs, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (isTest, succeeded) = (false, false); // as variables: an index by world is not searched with NOT
        var today = await context.Orders
            .Where(row => row.IsTest == isTest && row.SortAtMs >= todayStartMs)
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
        return new OverviewTotals(
            today.GetValueOrDefault(OrderStatus.Processing),
            today.GetValueOrDefault(OrderStatus.Completed),
            today.GetValueOrDefault(OrderStatus.Failed),
            await active.CountAsync(cancellationToken),
            await active.CountAsync(row => row.ExpiresAtMs >= nowMs && row.ExpiresAtMs < soonMs, cancellationToken),
            failedTopUps,
            reading);
    }

    /// <summary>The last 50 events of a world, or of both where it is null, latest first.</summary>
    public async Task<IReadOnlyList<EventRow>> FeedAsync(bool? isTest, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Events.AsNoTracking().Where(row => isTest == null || row.IsTest == isTest).OrderByDescending(row => row.DeliverySeq).Take(FeedLength).Select(EventRow.From(context)).ToListAsync(cancellationToken);
    }
}

/// <summary>The totals of the Overview.</summary>
internal sealed record OverviewTotals(int Processing, int Completed, int Failed, int ActiveEsims, int ExpiringEsims, int FailedTopUps, BalanceNow? Balance);

/// <summary>The latest balance reading.</summary>
internal sealed record BalanceNow(decimal? Amount, decimal? Threshold, long AsOfMs);
