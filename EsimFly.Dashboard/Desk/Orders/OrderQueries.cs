using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>What the order pages show.</summary>
internal sealed class OrderQueries(AccessGuard guard, IDbContextFactory<ReadModelDbContext> contexts, IDbContextFactory<LogDbContext> logs)
{
    private static readonly Keyset<OrderEntity, OrderPosition> ByTime = new Keyset<OrderEntity, OrderPosition>()
        .By(static row => row.SortAtMs, static place => place.SortAtMs)
        .By(static row => row.OrderKey, static place => place.OrderKey)
        .By(static row => row.IsTest, static place => place.IsTest);

    private const int MaxEvents = 200;
    private const int MaxEsimsFollowed = 10;
    private const int MaxChoices = 50;
    private const int MaxFailures = 1000;
    private const int FewestOfTheEnd = 4;

    /// <summary>A page of orders, latest first.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="filter">Which orders.</param>
    /// <param name="after">The place of the last row of the page before; null for the first page.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<PageOf<OrderRow>> ListAsync(
        ClaimsPrincipal who,
        OrderFilter filter,
        OrderPosition? after,
        int size,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        filter = await PlanAsync(context, filter, cancellationToken);
        var rows = await Rows(context, Latest(context, filter, after).Take(size + 1)).ToListAsync(cancellationToken);
        return PageOf<OrderRow>.Of(rows, size);
    }

    /// <summary>Given rows as they are now; those that are gone are left out.</summary>
    public async Task<List<OrderRow>> AgainAsync(ClaimsPrincipal who, IReadOnlyList<OrderRow> rows, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var keys = rows.Select(row => row.OrderKey).ToList();
        bool[] environments = [false, true];
        return await Rows(
                context,
                context.Orders.AsNoTracking().Where(row => environments.Contains(row.IsTest) && keys.Contains(row.OrderKey))
            )
            .ToListAsync(cancellationToken);
    }

    /// <summary>How many orders fit.</summary>
    public async Task<long> CountAsync(ClaimsPrincipal who, OrderFilter filter, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        filter = await PlanAsync(context, filter, cancellationToken);
        return await Latest(context, filter, after: null).LongCountAsync(cancellationToken);
    }

    /// <summary>What the latest failed orders differ by: their error codes and packages.</summary>
    public async Task<FailureChoices> FailureChoicesAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var failed = await context
            .Orders.AsNoTracking()
            .Where(row => row.Status == OrderStatus.Failed)
            .OrderByDescending(row => row.SortAtMs)
            .ThenByDescending(row => row.OrderKey)
            .Take(MaxFailures)
            .Select(row => new { row.ErrorCode, Package = row.PackageName ?? row.PackageCode })
            .ToListAsync(cancellationToken);
        return new FailureChoices(
            [
                .. failed
                    .Select(row => row.ErrorCode)
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .Take(MaxChoices),
            ],
            [
                .. failed
                    .Select(row => row.Package)
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .Take(MaxChoices),
            ]
        );
    }

    /// <summary>From when on an order is stuck.</summary>
    public async Task<Thresholds> ThresholdsAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Thresholds.Setting.ReadAsync(logs, cancellationToken);
    }

    /// <summary>One order by its id, else by its reference; null where there is none.</summary>
    public async Task<OrderDetail?> FindAsync(ClaimsPrincipal who, string idOrReference, bool isTest, CancellationToken cancellationToken)
    {
        var isViewer = await guard.IsViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var order = await FindAsync(context, idOrReference, isTest, cancellationToken);
        if (order is null)
        {
            return null;
        }

        var esims = await context
            .Esims.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.OrderKey == order.OrderKey)
            .Select(row => new OrderEsimRow(
                row.Iccid,
                row.PlanStatus,
                row.PlanStatusRaw,
                row.ProfileStatus,
                row.ProfileStatusRaw,
                row.InstalledAtMs,
                row.ExpiresAtMs,
                row.PackageName,
                row.CodesFrom != null
            ))
            .ToListAsync(cancellationToken);
        var events = await EventRows.ReadAsync(
            context,
            context
                .Events.Where(row => row.IsTest == isTest && row.OrderKey == order.OrderKey)
                .OrderByDescending(row => row.OccurredAtMs ?? 0)
                .ThenByDescending(row => row.DeliverySeq)
                .Take(MaxEvents),
            isViewer,
            cancellationToken
        );
        // Here: the database would walk all eSIMs in their order.
        esims.Sort(static (one, other) => string.CompareOrdinal(one.Iccid, other.Iccid));
        var iccids = esims.Take(MaxEsimsFollowed).Select(row => row.Iccid).ToList();
        var seqs = context
            .EventEsims.Where(row => row.IsTest == isTest && iccids.Contains(row.Iccid))
            .Select(row => row.DeliverySeq)
            .Distinct()
            .OrderByDescending(seq => seq)
            .Take(MaxEvents);
        var ofEsims = await EventRows.ReadAsync(
            context,
            context.Events.Where(row => seqs.Contains(row.DeliverySeq)),
            isViewer,
            cancellationToken
        );
        var all = EventRows.InOrder(events.Concat(ofEsims).DistinctBy(row => row.DeliverySeq));
        return new OrderDetail(order, esims, [.. all.Take(MaxEvents)], await Thresholds.Setting.ReadAsync(logs, cancellationToken));
    }

    /// <summary>The same filter, with the way to search: what begins so many ids is found sooner by walking the orders by time.</summary>
    internal static async Task<OrderFilter> PlanAsync(ReadModelDbContext context, OrderFilter filter, CancellationToken cancellationToken)
    {
        if (SearchKey.Of(filter.Search) is not { Length: > 0 } term)
        {
            return filter;
        }

        var (end, start) = (SearchKey.AfterPrefix(term), SearchKey.OrderIdStart(term));
        var startEnd = SearchKey.AfterPrefix(start);
        var ids = await context
            .Orders.Where(row => string.Compare(row.OrderIdSearch, start) >= 0 && string.Compare(row.OrderIdSearch, startEnd) < 0)
            .OrderBy(row => row.OrderIdSearch)
            .Take(SearchKey.Wide)
            .CountAsync(cancellationToken);
        var references = await context
            .Orders.Where(row => string.Compare(row.OrderReferenceSearch, term) >= 0 && string.Compare(row.OrderReferenceSearch, end) < 0)
            .OrderBy(row => row.OrderReferenceSearch)
            .Take(SearchKey.Wide)
            .CountAsync(cancellationToken);
        var others = await context
            .Orders.Where(row => row.OtherReferencesSearch != null && row.OtherReferencesSearch.Contains(" " + term))
            .OrderBy(row => row.OtherReferencesSearch)
            .Take(MaxChoices)
            .Select(row => row.OrderIdSearch)
            .ToListAsync(cancellationToken);
        var byEnd = term.Length < FewestOfTheEnd ? [] : await ByEndAsync(context, term, cancellationToken);
        return filter with { IsWide = ids + references >= SearchKey.Wide, ByOtherReference = [.. others.Concat(byEnd).OfType<string>()] };
    }

    // Those whose id or reference ends with it: people read out the last digits, or leave a prefix out.
    private static async Task<List<string?>> ByEndAsync(ReadModelDbContext context, string term, CancellationToken cancellationToken)
    {
        var reversed = SearchKey.Reverse(term);
        var end = SearchKey.AfterPrefix(reversed);
        var byId = context
            .Orders.Where(row => string.Compare(row.OrderIdReversed, reversed) >= 0 && string.Compare(row.OrderIdReversed, end) < 0)
            .OrderBy(row => row.OrderIdReversed);
        var byReference = context
            .Orders.Where(row =>
                string.Compare(row.OrderReferenceReversed, reversed) >= 0 && string.Compare(row.OrderReferenceReversed, end) < 0
            )
            .OrderBy(row => row.OrderReferenceReversed);
        return
        [
            .. await byId.Take(MaxChoices).Select(row => row.OrderIdSearch).ToListAsync(cancellationToken),
            .. await byReference.Take(MaxChoices).Select(row => row.OrderIdSearch).ToListAsync(cancellationToken),
        ];
    }

    /// <summary>The orders that fit, latest first unless the filter says otherwise, from after a place on.</summary>
    internal static IQueryable<OrderEntity> Latest(ReadModelDbContext context, OrderFilter filter, OrderPosition? after)
    {
        var orders = context.Orders.AsNoTracking();
        if (filter.Status is { } status)
        {
            // Of test data, of which there may be none, its own index is searched: "+ 0" keeps the one of the states out.
            orders = filter.IsTest is true
                ? orders.Where(row => (int)row.Status + 0 == (int)status)
                : orders.Where(row => row.Status == status);
        }

        orders = orders.Within(filter.IsTest);
        if (filter.CanRetry is { } canRetry)
        {
            // What eSIMfly does not call worth a retry is none.
            orders = canRetry ? orders.Where(row => row.CanRetry == true) : orders.Where(row => row.CanRetry != true);
        }

        if (filter.FailedSinceMs is { } failedSince)
        {
            orders = orders.Where(row => row.FailedAtMs >= failedSince);
        }

        if (filter.ErrorCode is { Length: > 0 } errorCode)
        {
            orders = orders.Where(row => row.ErrorCode == errorCode);
        }

        if (filter.FailedPackage is { Length: > 0 } failedPackage)
        {
            orders = orders.Where(row => (row.PackageName ?? row.PackageCode) == failedPackage);
        }

        if (filter.PackageName is { Length: > 0 } packageName)
        {
            orders = orders.Where(row => row.PackageName == packageName);
        }

        if (filter.Only is { Count: > 0 } only)
        {
            bool[] environments = [false, true]; // the key begins with the environment
            orders = orders.Where(row => environments.Contains(row.IsTest) && only.Contains(row.OrderKey));
        }

        if (filter.Days.SinceMs is { } since)
        {
            orders = orders.Where(row => row.SortAtMs >= since);
        }

        if (filter.Days.UntilMs is { } until)
        {
            orders = orders.Where(row => row.SortAtMs < until);
        }

        if (filter.WaitingSinceMs is { } before)
        {
            orders = orders.WaitingSince(before);
        }

        if (SearchKey.Of(filter.Search) is { Length: > 0 } term)
        {
            var (end, longer) = (SearchKey.AfterPrefix(term), SearchKey.OrderIdStart(term));
            var longerEnd = SearchKey.AfterPrefix(longer);
            var others = filter.ByOtherReference;
            orders =
                filter.IsWide
                    ? orders.Where(row =>
                        row.OrderIdSearch!.StartsWith(term)
                        || row.OrderReferenceSearch!.StartsWith(term)
                        || row.OrderIdSearch!.StartsWith(longer)
                    ) // no index is searched: the newest are walked
                : others.Count > 0
                    ? orders.Where(row =>
                        (string.Compare(row.OrderIdSearch, term) >= 0 && string.Compare(row.OrderIdSearch, end) < 0)
                        || (string.Compare(row.OrderIdSearch, longer) >= 0 && string.Compare(row.OrderIdSearch, longerEnd) < 0)
                        || (string.Compare(row.OrderReferenceSearch, term) >= 0 && string.Compare(row.OrderReferenceSearch, end) < 0)
                        || others.Contains(row.OrderIdSearch!)
                    )
                : orders.Where(row =>
                    (string.Compare(row.OrderIdSearch, term) >= 0 && string.Compare(row.OrderIdSearch, end) < 0)
                    || (string.Compare(row.OrderIdSearch, longer) >= 0 && string.Compare(row.OrderIdSearch, longerEnd) < 0)
                    || (string.Compare(row.OrderReferenceSearch, term) >= 0 && string.Compare(row.OrderReferenceSearch, end) < 0)
                );
        }

        return ByTime.From(orders, after, filter.IsOldestFirst);
    }

    private static IQueryable<OrderRow> Rows(ReadModelDbContext context, IQueryable<OrderEntity> orders) =>
        orders.Select(row => new OrderRow(
            row.IsTest,
            row.OrderKey,
            row.OrderId,
            row.OrderReference,
            row.Status,
            row.PackageCode,
            row.PackageName,
            row.Quantity,
            row.Amount,
            row.ErrorCode,
            row.CanRetry,
            row.EsimCount,
            row.Flags,
            row.SortAtMs,
            row.LastEventAtMs
        )
        {
            Currency = row.Currency,
            ObservedAtMs = row.ObservedAtMs,
            ReceivedAtMs = context
                .Events.Where(reported => reported.IsTest == row.IsTest && reported.OrderKey == row.OrderKey)
                .OrderByDescending(reported => reported.DeliverySeq)
                .Select(reported => (long?)reported.ReceivedAtMs)
                .FirstOrDefault(),
        });

    /// <summary>One order by its id, else by its reference; null where there is none.</summary>
    internal static async Task<OrderEntity?> FindAsync(
        ReadModelDbContext context,
        string idOrReference,
        bool isTest,
        CancellationToken cancellationToken
    )
    {
        var search = SearchKey.Of(idOrReference);
        return await context
                .Orders.AsNoTracking()
                .FirstOrDefaultAsync(row => row.IsTest == isTest && row.OrderKey == "id:" + idOrReference, cancellationToken)
            ?? await context // as people write it: with blanks, without dashes
                .Orders.AsNoTracking()
                .Where(row => row.OrderIdSearch == search && row.IsTest == isTest)
                .OrderByDescending(row => row.SortAtMs)
                .FirstOrDefaultAsync(cancellationToken)
            ?? await context
                .Orders.AsNoTracking()
                .Where(row => row.OrderReferenceSearch == search && row.IsTest == isTest && row.OrderReference == idOrReference)
                .OrderByDescending(row => row.SortAtMs)
                .FirstOrDefaultAsync(cancellationToken)
            ?? (
                await context
                    .Orders.AsNoTracking()
                    .Where(row => row.OtherReferencesSearch != null && row.OtherReferencesSearch.Contains(" " + search))
                    .Where(row => row.IsTest == isTest)
                    .OrderBy(row => row.OtherReferencesSearch)
                    .Take(MaxChoices)
                    .ToListAsync(cancellationToken)
            ).Find(row => row.OtherReferences!.Split(' ').Contains(idOrReference, StringComparer.Ordinal));
    }
}
