using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>
/// What never came, by the grammar of the events. Read from what stands, so that nothing has to be ended: what comes after all
/// changes what stands.
/// </summary>
internal sealed class MissingQueries(
    AccessGuard guard,
    IDbContextFactory<ReadModelDbContext> contexts,
    IDbContextFactory<LogDbContext> logs
)
{
    /// <summary>What is missing, of each kind the latest.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="isTest">True for test data, false for live data; null for both.</param>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    /// <param name="most">So many of each kind.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<MissingEvent>> ReadAsync(
        ClaimsPrincipal who,
        bool? isTest,
        long nowMs,
        int most,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var thresholds = await Thresholds.Setting.ReadAsync(logs, cancellationToken);
        bool[] environments = isTest is { } one ? [one] : [false, true];
        var missing = new List<MissingEvent>();
        foreach (var environment in environments)
        {
            missing.AddRange(await OrdersAsync(Uncreated(context, environment), MissingKind.OrderCreated, most, cancellationToken));
            missing.AddRange(
                await OrdersAsync(
                    Endless(context, environment, nowMs - (long)TimeSpan.FromMinutes(thresholds.StuckBadlyMinutes).TotalMilliseconds),
                    MissingKind.OrderEnd,
                    most,
                    cancellationToken
                )
            );
            missing.AddRange(
                await EsimsAsync(
                    Orderless(context, environment).OrderByDescending(row => row.SortAtMs),
                    MissingKind.OrderOfEsim,
                    most,
                    cancellationToken
                )
            );
            missing.AddRange(
                await EsimsAsync(
                    Unexpired(context, environment, nowMs).OrderByDescending(row => row.ExpiresAtMs),
                    MissingKind.EsimExpired,
                    most,
                    cancellationToken
                )
            );
        }

        return missing;
    }

    /// <summary>What is missing of an order as it stands. Pure.</summary>
    /// <param name="order">The order.</param>
    /// <param name="endlessMinutes">After so many minutes its end is missing.</param>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    public static IEnumerable<MissingEvent> Of(OrderEntity order, int endlessMinutes, long nowMs)
    {
        var (name, package) = (order.OrderId ?? order.OrderReference ?? "", order.PackageName ?? order.PackageCode);
        if ((order.Flags & OrderFlags.Stub) != OrderFlags.None)
        {
            yield return new(MissingKind.OrderCreated, order.IsTest, name, package, order.SortAtMs);
        }

        if (OrderWaiting.SinceMs(order) is { } sinceMs && sinceMs <= nowMs - (long)TimeSpan.FromMinutes(endlessMinutes).TotalMilliseconds)
        {
            yield return new(MissingKind.OrderEnd, order.IsTest, name, package, sinceMs);
        }
    }

    /// <summary>What is missing of an eSIM as it stands. Pure.</summary>
    public static IEnumerable<MissingEvent> Of(EsimEntity esim, long nowMs)
    {
        var package = esim.PackageName ?? esim.PackageCode;
        if ((esim.Flags & EsimFlags.Stub) != EsimFlags.None)
        {
            yield return new(MissingKind.OrderOfEsim, esim.IsTest, esim.Iccid, package, esim.SortAtMs);
        }

        if (PlanExpiry.IsOverdue(esim.PlanStatus, esim.ExpiresAtMs, nowMs))
        {
            yield return new(MissingKind.EsimExpired, esim.IsTest, esim.Iccid, package, esim.ExpiresAtMs!.Value);
        }
    }

    // Literals, here and below: the partial indexes are found by their condition, word for word.
    private static IQueryable<OrderEntity> Uncreated(ReadModelDbContext context, bool environment) =>
        context
            .Orders.AsNoTracking()
            .Where(row => row.IsTest == environment && (row.Flags & OrderFlags.Stub) != OrderFlags.None)
            .OrderByDescending(row => row.SortAtMs);

    private static IQueryable<OrderEntity> Endless(ReadModelDbContext context, bool environment, long beforeMs) =>
        context.Orders.AsNoTracking().Within(environment).WaitingSince(beforeMs).OrderByDescending(row => row.SortAtMs);

    private static IQueryable<EsimEntity> Orderless(ReadModelDbContext context, bool environment) =>
        context.Esims.AsNoTracking().Where(row => row.IsTest == environment && (row.Flags & EsimFlags.Stub) != EsimFlags.None);

    private static IQueryable<EsimEntity> Unexpired(ReadModelDbContext context, bool environment, long nowMs)
    {
        var dueMs = PlanExpiry.OverdueBeforeMs(nowMs);
        return context
            .Esims.AsNoTracking()
            .Where(row => row.IsTest == environment && row.PlanStatus == PlanStatus.Active && row.ExpiresAtMs < dueMs);
    }

    private static async Task<IEnumerable<MissingEvent>> OrdersAsync(
        IQueryable<OrderEntity> orders,
        MissingKind kind,
        int most,
        CancellationToken cancellationToken
    ) =>
        (
            await orders
                .Take(most)
                .Select(row => new
                {
                    row.IsTest,
                    Name = row.OrderId ?? row.OrderReference,
                    row.PackageName,
                    row.PackageCode,
                    row.Status,
                    row.Flags,
                    row.SortAtMs,
                    row.LastEventAtMs,
                })
                .ToListAsync(cancellationToken)
        ).Select(row => new MissingEvent(
            kind,
            row.IsTest,
            row.Name ?? "",
            row.PackageName ?? row.PackageCode,
            kind == MissingKind.OrderEnd
                ? OrderWaiting.SinceMs(row.Status, row.Flags, row.SortAtMs, row.LastEventAtMs) ?? row.SortAtMs
                : row.SortAtMs
        ));

    private static async Task<IEnumerable<MissingEvent>> EsimsAsync(
        IQueryable<EsimEntity> esims,
        MissingKind kind,
        int most,
        CancellationToken cancellationToken
    ) =>
        (
            await esims
                .Take(most)
                .Select(row => new
                {
                    row.IsTest,
                    row.Iccid,
                    row.PackageName,
                    row.PackageCode,
                    row.SortAtMs,
                    row.ExpiresAtMs,
                })
                .ToListAsync(cancellationToken)
        ).Select(row => new MissingEvent(
            kind,
            row.IsTest,
            row.Iccid,
            row.PackageName ?? row.PackageCode,
            kind == MissingKind.EsimExpired ? row.ExpiresAtMs ?? 0 : row.SortAtMs
        ));
}
