using EsimFly.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Balance;

/// <summary>What the balance page shows.</summary>
internal sealed class BalanceQueries(IDbContextFactory<DashboardDbContext> contexts)
{
    /// <summary>The latest readings, latest first. Test readings are not the account's and are left out.</summary>
    public async Task<IReadOnlyList<BalanceRow>> LatestAsync(int count, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.BalanceReadings.AsNoTracking()
            .Where(row => !row.IsTest)
            .OrderByDescending(row => row.OccurredAtMs).ThenByDescending(row => row.BodyHash)
            .Take(count)
            .Select(row => new BalanceRow(row.DeliverySeq, row.Balance, row.Threshold, row.Message, row.OccurredAtMs))
            .ToListAsync(cancellationToken);
    }
}

/// <summary>A balance reading.</summary>
internal sealed record BalanceRow(long DeliverySeq, decimal? Balance, decimal? Threshold, string? Message, long OccurredAtMs)
{
    /// <summary>Whether it is below its threshold.</summary>
    public bool IsLow => Balance < Threshold;
}
