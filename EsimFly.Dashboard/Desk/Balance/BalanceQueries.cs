using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.Balance;

/// <summary>What the balance page shows. Test data is not the account's and is left out.</summary>
internal sealed class BalanceQueries(
    AccessGuard guard,
    IDbContextFactory<ReadModelDbContext> contexts,
    IDbContextFactory<LogDbContext> logs,
    IOptions<WholesaleOptions> options
)
{
    private const long HourMs = 3_600_000;

    private string Currency => options.Value.Currency;

    /// <summary>The latest readings, latest first.</summary>
    public async Task<IReadOnlyList<BalanceRow>> LatestAsync(ClaimsPrincipal who, int count, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var readings = await context
            .BalanceReadings.AsNoTracking()
            .Where(row => !row.IsTest)
            .OrderByDescending(row => row.OccurredAtMs)
            .ThenByDescending(row => row.BodyHash)
            .Take(count)
            .Select(row => new BalanceRow(row.DeliverySeq, row.Balance, row.Threshold, row.Message, row.OccurredAtMs)
            {
                Currency = row.Currency,
                IsObserved = row.IsObserved,
                ReceivedAtMs = context
                    .Events.Where(reported => reported.DeliverySeq == row.DeliverySeq)
                    .Select(reported => (long?)reported.ReceivedAtMs)
                    .FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);

        // eSIMfly's API has no threshold: the last that an event gave counts, else the one of the settings.
        var known = readings.Find(static row => row.Threshold is not null)?.Threshold;
        known ??= (await Thresholds.Setting.ReadAsync(logs, cancellationToken)).CriticalBalance;
        return [.. readings.Select(row => row.IsObserved ? row with { Threshold = known } : row)];
    }

    /// <summary>What was spent since an instant (Unix milliseconds), by the hour, for days in any zone to be made of.</summary>
    public async Task<IReadOnlyList<SpentHour>> SpentByHourAsync(ClaimsPrincipal who, long sinceMs, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (orders, topUps) = Spent(context, sinceMs);
        var ofOrders = await orders
            .GroupBy(row => row.SortAtMs / HourMs)
            .Select(hour => new { hour.Key, Amount = hour.Sum(row => row.Amount ?? 0) })
            .ToListAsync(cancellationToken);
        var ofTopUps = await topUps
            .GroupBy(row => (row.OccurredAtMs ?? 0) / HourMs)
            .Select(hour => new { hour.Key, Amount = hour.Sum(row => row.Amount ?? 0) })
            .ToListAsync(cancellationToken);
        return
        [
            .. ofOrders
                .Concat(ofTopUps)
                .GroupBy(hour => hour.Key)
                .Select(hour => new SpentHour(hour.Key * HourMs, hour.Sum(item => item.Amount)))
                .OrderBy(hour => hour.HourMs),
        ];
    }

    /// <summary>
    /// What orders that did not fail, and top-ups that succeeded, came to since an instant (Unix milliseconds), in the account's
    /// currency: amounts of another are never added.
    /// </summary>
    public async Task<Spending> SpentSinceAsync(ClaimsPrincipal who, long sinceMs, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var isTest = false;
        var (orders, topUps) = Spent(context, sinceMs);
        var first = await context
            .Orders.AsNoTracking()
            .Within(isTest)
            .Where(row => row.SortAtMs > 0)
            .OrderBy(row => row.SortAtMs)
            .Select(row => (long?)row.SortAtMs)
            .FirstOrDefaultAsync(cancellationToken);
        return new Spending(
            await orders.SumAsync(row => row.Amount ?? 0, cancellationToken)
                + await topUps.SumAsync(row => row.Amount ?? 0, cancellationToken),
            first,
            await orders.CountAsync(cancellationToken),
            await topUps.CountAsync(cancellationToken)
        );
    }

    // What counts as spent: amounts of another currency are never added.
    private (IQueryable<OrderEntity> Orders, IQueryable<TopUpEntity> TopUps) Spent(ReadModelDbContext context, long sinceMs)
    {
        var currency = Currency;
        var (isTest, succeeded) = (false, true); // as variables, so that the index of top-ups is searched
        var orders = context
            .Orders.AsNoTracking()
            .Within(isTest)
            .Where(row =>
                row.SortAtMs > sinceMs
                && row.Status != OrderStatus.Failed
                && row.Status != OrderStatus.Cancelled
                && row.Amount != null
                && (row.Currency == null || row.Currency == currency)
            );
        var topUps = context
            .TopUps.AsNoTracking()
            .Where(row =>
                row.IsTest == isTest
                && row.Succeeded == succeeded
                && row.OccurredAtMs > sinceMs
                && row.Amount != null
                && (row.Currency == null || row.Currency == currency)
            );
        return (orders, topUps);
    }
}

/// <summary>What was spent within an hour, in the account's currency.</summary>
/// <param name="HourMs">Its beginning, Unix milliseconds.</param>
/// <param name="Amount">The sum.</param>
internal readonly record struct SpentHour(long HourMs, decimal Amount);

/// <summary>What was spent, in the account's currency.</summary>
/// <param name="Amount">The sum.</param>
/// <param name="FirstAtMs">When the first order ever was placed, Unix milliseconds; null where none was.</param>
/// <param name="Orders">On how many orders.</param>
/// <param name="TopUps">On how many top-ups.</param>
internal sealed record Spending(decimal Amount, long? FirstAtMs, int Orders, int TopUps);

/// <summary>A balance reading.</summary>
internal sealed record BalanceRow(long DeliverySeq, decimal? Balance, decimal? Threshold, string? Message, long OccurredAtMs)
{
    /// <summary>When it came here, Unix milliseconds.</summary>
    public long? ReceivedAtMs { get; init; }

    /// <summary>The currency that the payload named; null for the account's.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether eSIMfly's API answered it, and no event reported it.</summary>
    public bool IsObserved { get; init; }

    /// <summary>Whether it is below its threshold.</summary>
    public bool IsLow => Balance < Threshold;
}
