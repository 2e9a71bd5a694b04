using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>
/// What somebody should look at, read from what is stored: a rule each kind, none of which remembers anything. Test data is
/// never looked at. Of each kind 200 count. What is older than a week is no news and is left to the lists, except an order that still
/// waits.
/// </summary>
internal static class AlertRules
{
    /// <summary>How many of a kind are looked at.</summary>
    public const int MaxEach = 200;

    private static readonly TimeSpan NewsFor = TimeSpan.FromDays(7);

    /// <summary>All that is so at an instant.</summary>
    /// <param name="context">What the desk shows.</param>
    /// <param name="log">What was refused, and how the self-check went.</param>
    /// <param name="thresholds">From when on it is worth a look.</param>
    /// <param name="hasSecret">Whether there is a secret that real deliveries verify with.</param>
    /// <param name="damagedEntries">How many entries of the event log cannot be read.</param>
    /// <param name="hasRoom">Whether there is room on the disk.</param>
    /// <param name="manyReveals">How many codes revealed by one account within an hour are many.</param>
    /// <param name="nowMs">The instant, Unix milliseconds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<Condition>> ReadAsync(
        ReadModelDbContext context,
        LogDbContext log,
        Thresholds thresholds,
        bool hasSecret,
        int damagedEntries,
        bool hasRoom,
        int manyReveals,
        long nowMs,
        CancellationToken cancellationToken
    )
    {
        var sinceMs = nowMs - (long)NewsFor.TotalMilliseconds;
        var conditions = new List<Condition>();
        if (!hasSecret)
        {
            conditions.Add(new Condition(AlertKind.NoSecret, "", AlertLevel.Error, 0, new AlertFacts()));
        }

        if (!hasRoom)
        {
            conditions.Add(new Condition(AlertKind.DiskLow, "", AlertLevel.Error, 0, new AlertFacts()));
        }

        if (damagedEntries > 0)
        {
            conditions.Add(new Condition(AlertKind.LogDamaged, "", AlertLevel.Error, 0, new AlertFacts { Count = damagedEntries }));
        }

        conditions.AddRange(await LowBalanceAsync(context, thresholds, sinceMs, cancellationToken));
        conditions.AddRange(await FailedOrdersAsync(context, sinceMs, cancellationToken));
        conditions.AddRange(await StuckOrdersAsync(context, thresholds, nowMs, cancellationToken));
        conditions.AddRange(await FailedTopUpsAsync(context, sinceMs, cancellationToken));
        conditions.AddRange(await UnusableDeliveriesAsync(context, sinceMs, cancellationToken));
        conditions.AddRange(await RejectionsAsync(context, log, thresholds, nowMs, cancellationToken));
        conditions.AddRange(await SilenceAsync(context, thresholds, nowMs, cancellationToken));
        conditions.AddRange(await SelfCheckAsync(log, cancellationToken));
        conditions.AddRange(await RevealsAsync(log, manyReveals, nowMs, cancellationToken));
        return conditions;
    }

    private static async Task<IEnumerable<Condition>> RevealsAsync(
        LogDbContext context,
        int many,
        long nowMs,
        CancellationToken cancellationToken
    )
    {
        var sinceMs = nowMs - (long)CodeReveal.Window.TotalMilliseconds;
        var looks = await context
            .Audit.AsNoTracking()
            .Where(row => row.Action == AuditActions.CodeRevealed || row.Action == AuditActions.BodyRevealed)
            .OrderByDescending(row => row.Id)
            .Take(CodeReveal.MostCounted)
            .Where(row => row.AtMs > sinceMs)
            .GroupBy(row => row.Actor)
            .Select(group => new
            {
                Actor = group.Key,
                Count = group.Count(),
                Since = group.Min(row => row.AtMs),
            })
            .Where(group => group.Count >= many)
            .ToListAsync(cancellationToken);
        return looks.Select(look => new Condition(
            AlertKind.ManyReveals,
            look.Actor,
            AlertLevel.Warning,
            0,
            new AlertFacts { Count = look.Count, SinceMs = look.Since }
        ));
    }

    // It ends with the next check that finds nothing.
    private static async Task<IEnumerable<Condition>> SelfCheckAsync(LogDbContext context, CancellationToken cancellationToken)
    {
        var last = await SelfCheckResult.Setting.ReadAsync(context, cancellationToken);
        return last.Differing.Count == 0
            ? []
            :
            [
                new Condition(
                    AlertKind.SelfCheckFailed,
                    "",
                    AlertLevel.Error,
                    last.AtMs,
                    new AlertFacts { Count = last.Differing.Count, SinceMs = last.AtMs }
                ),
            ];
    }

    private static async Task<IEnumerable<Condition>> LowBalanceAsync(
        ReadModelDbContext context,
        Thresholds thresholds,
        long sinceMs,
        CancellationToken cancellationToken
    )
    {
        var isTest = false; // a variable, here and below: an index by environment is not searched with NOT
        var reading = await context
            .BalanceReadings.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.Balance != null)
            .OrderByDescending(row => row.OccurredAtMs)
            .ThenByDescending(row => row.BodyHash)
            .Select(row => new
            {
                row.DeliverySeq,
                row.Balance,
                row.Threshold,
                row.Currency,
                row.OccurredAtMs,
                row.IsObserved,
            })
            .FirstOrDefaultAsync(cancellationToken);
        if (reading?.Balance is not { } balance || (reading.OccurredAtMs > 0 && reading.OccurredAtMs < sinceMs))
        {
            return []; // that money was paid in is never reported: after a week without another reading it is no news
        }

        // eSIMfly's API has no threshold: the last that an event gave counts.
        var threshold = reading.IsObserved
            ? await context
                .BalanceReadings.AsNoTracking()
                .Where(row => row.IsTest == isTest && row.Threshold != null)
                .OrderByDescending(row => row.OccurredAtMs)
                .Select(row => row.Threshold)
                .FirstOrDefaultAsync(cancellationToken)
            : reading.Threshold;
        var isCritical = balance < thresholds.CriticalBalance || balance <= 0;
        return (threshold is null && !reading.IsObserved) || balance < threshold || isCritical
            ?
            [
                new Condition(
                    AlertKind.LowBalance,
                    "",
                    isCritical ? AlertLevel.Error : AlertLevel.Warning,
                    reading.OccurredAtMs,
                    new AlertFacts
                    {
                        Balance = balance,
                        Threshold = threshold,
                        Currency = reading.Currency,
                        SinceMs = reading.OccurredAtMs,
                        DeliverySeq = reading.DeliverySeq,
                    }
                ),
            ]
            : [];
    }

    private static async Task<IEnumerable<Condition>> FailedOrdersAsync(
        ReadModelDbContext context,
        long sinceMs,
        CancellationToken cancellationToken
    )
    {
        var rows = await context
            .Orders.AsNoTracking()
            .Within(isTest: false)
            .Where(row => row.Status == OrderStatus.Failed && row.FailedAtMs >= sinceMs)
            .OrderByDescending(row => row.FailedAtMs)
            .ThenByDescending(row => row.OrderKey)
            .Take(MaxEach)
            .Select(row => new
            {
                row.OrderId,
                row.OrderReference,
                row.ErrorCode,
                row.ErrorMessage,
                row.CanRetry,
                row.PackageName,
                row.PackageCode,
                row.FailedAtMs,
            })
            .ToListAsync(cancellationToken);
        return rows.Select(row => new Condition(
            AlertKind.FailedOrder,
            row.OrderId ?? row.OrderReference ?? "",
            AlertLevel.Error,
            row.FailedAtMs ?? 0,
            new AlertFacts
            {
                ErrorCode = row.ErrorCode,
                ErrorMessage = row.ErrorMessage,
                CanRetry = row.CanRetry,
                PackageName = row.PackageName ?? row.PackageCode,
                SinceMs = row.FailedAtMs,
            }
        ));
    }

    private static async Task<IEnumerable<Condition>> StuckOrdersAsync(
        ReadModelDbContext context,
        Thresholds thresholds,
        long nowMs,
        CancellationToken cancellationToken
    )
    {
        var before = nowMs - (long)TimeSpan.FromMinutes(thresholds.StuckMinutes).TotalMilliseconds;
        var badlyBefore = nowMs - (long)TimeSpan.FromMinutes(thresholds.StuckBadlyMinutes).TotalMilliseconds;
        var rows = await context
            .Orders.AsNoTracking()
            .Within(isTest: false)
            .WaitingSince(before)
            .WithSince()
            .OrderBy(row => row.SinceMs)
            .ThenBy(row => row.Order.OrderKey)
            .Take(MaxEach)
            .Select(row => new
            {
                Name = row.Order.OrderId ?? row.Order.OrderReference ?? "",
                Package = row.Order.PackageName ?? row.Order.PackageCode,
                row.SinceMs,
            })
            .ToListAsync(cancellationToken);

        // Going from amber to red is news, so the stamp grows.
        return rows.Select(row => new Condition(
            AlertKind.StuckOrder,
            row.Name,
            row.SinceMs <= badlyBefore ? AlertLevel.Error : AlertLevel.Warning,
            row.SinceMs <= badlyBefore ? 2 : 1,
            new AlertFacts { SinceMs = row.SinceMs, PackageName = row.Package }
        ));
    }

    private static async Task<IEnumerable<Condition>> FailedTopUpsAsync(
        ReadModelDbContext context,
        long sinceMs,
        CancellationToken cancellationToken
    )
    {
        var rows = await Open(context)
            .Where(row => row.OccurredAtMs >= sinceMs)
            .OrderByDescending(row => row.OccurredAtMs)
            .ThenByDescending(row => row.DeliverySeq)
            .Take(MaxEach)
            .Select(row => new
            {
                row.Iccid,
                row.ErrorCode,
                row.ErrorMessage,
                row.PackageName,
                row.PackageCode,
                row.OccurredAtMs,
                row.DeliverySeq,
            })
            .ToListAsync(cancellationToken);
        return rows.GroupBy(row => row.Iccid, StringComparer.Ordinal)
            .Select(group =>
            {
                var last = group.First();
                return new Condition(
                    AlertKind.FailedTopUp,
                    group.Key,
                    AlertLevel.Error,
                    last.OccurredAtMs ?? 0,
                    new AlertFacts
                    {
                        Count = group.Count(),
                        ErrorCode = last.ErrorCode,
                        ErrorMessage = last.ErrorMessage,
                        PackageName = last.PackageName ?? last.PackageCode,
                        SinceMs = last.OccurredAtMs,
                        DeliverySeq = last.DeliverySeq,
                    }
                );
            });
    }

    /// <summary>The failed top-ups after which none of the same eSIM has succeeded.</summary>
    public static IQueryable<TopUpEntity> Open(ReadModelDbContext context)
    {
        var (isTest, succeeded) = (false, false);
        return context
            .TopUps.AsNoTracking()
            .Where(row =>
                row.IsTest == isTest
                && row.Succeeded == succeeded
                && !context.TopUps.Any(later =>
                    later.IsTest == row.IsTest
                    && later.Iccid == row.Iccid
                    && later.Succeeded
                    && (row.OccurredAtMs == null || later.OccurredAtMs >= row.OccurredAtMs)
                )
            );
    }

    private static async Task<IEnumerable<Condition>> UnusableDeliveriesAsync(
        ReadModelDbContext context,
        long sinceMs,
        CancellationToken cancellationToken
    )
    {
        var groups = await context
            .Deliveries.AsNoTracking()
            .Within(isTest: false)
            .Where(row => (row.State == DeliveryState.Dead || row.State == DeliveryState.Quarantined) && row.ReceivedAtMs >= sinceMs)
            .GroupBy(row => new { row.State, row.EventName })
            .Select(group => new
            {
                group.Key.State,
                group.Key.EventName,
                Count = group.Count(),
                Last = group.Max(row => row.Seq),
                Since = group.Min(row => row.ReceivedAtMs),
            })
            .OrderByDescending(group => group.Last)
            .Take(MaxEach)
            .ToListAsync(cancellationToken);
        return groups.Select(group => new Condition(
            group.State == DeliveryState.Dead ? AlertKind.DeadDeliveries : AlertKind.QuarantinedDeliveries,
            group.EventName ?? "",
            group.State == DeliveryState.Dead ? AlertLevel.Error : AlertLevel.Warning,
            group.Last,
            new AlertFacts
            {
                Count = group.Count,
                SinceMs = group.Since,
                DeliverySeq = group.Last,
            }
        ));
    }

    private static async Task<IEnumerable<Condition>> RejectionsAsync(
        ReadModelDbContext desk,
        LogDbContext context,
        Thresholds thresholds,
        long nowMs,
        CancellationToken cancellationToken
    )
    {
        var sinceMs = nowMs - (long)Thresholds.BurstWindow.TotalMilliseconds;
        var rows = await context
            .Rejected.AsNoTracking()
            .Where(row => row.ReceivedAtMs >= sinceMs && !row.IsTest)
            .OrderByDescending(row => row.Id)
            .Select(row => new
            {
                row.Reason,
                row.Suppressed,
                row.ReceivedAtMs,
            })
            .ToListAsync(cancellationToken);
        var count = rows.Sum(row => 1 + row.Suppressed);
        if (count < thresholds.RejectedBurst)
        {
            return [];
        }

        // By what was kept: how many of each reason were not is counted, but one noisy sender must not name the cause for all.
        var reason = rows.GroupBy(row => row.Reason, StringComparer.Ordinal).MaxBy(group => group.Count())!.Key;
        var isNoise = await LastArrivalAsync(desk, cancellationToken) >= sinceMs;
        return
        [
            new Condition(
                AlertKind.Rejections,
                "",
                isNoise ? AlertLevel.Warning : AlertLevel.Error,
                0,
                new AlertFacts
                {
                    IsNoise = isNoise ? true : null,
                    Count = count,
                    ErrorCode = reason,
                    SinceMs = rows[^1].ReceivedAtMs,
                }
            ),
        ];
    }

    private static async Task<IEnumerable<Condition>> SilenceAsync(
        ReadModelDbContext context,
        Thresholds thresholds,
        long nowMs,
        CancellationToken cancellationToken
    )
    {
        if (thresholds.SilenceHours == 0)
        {
            return [];
        }

        var last = await LastArrivalAsync(context, cancellationToken);
        return last is { } at && nowMs - at >= TimeSpan.FromHours(thresholds.SilenceHours).TotalMilliseconds
            ? [new Condition(AlertKind.Silence, "", AlertLevel.Warning, at, new AlertFacts { SinceMs = at })]
            : [];
    }

    /// <summary>When a real delivery last came, first or again, Unix milliseconds; null where none ever did.</summary>
    public static Task<long?> LastArrivalAsync(ReadModelDbContext context, CancellationToken cancellationToken) =>
        context
            .Arrivals.AsNoTracking()
            .Where(arrival => context.Deliveries.Any(row => row.Seq == arrival.DeliverySeq && !row.IsTest))
            .OrderByDescending(arrival => arrival.Id)
            .Select(arrival => (long?)arrival.ReceivedAtMs)
            .FirstOrDefaultAsync(cancellationToken);
}
