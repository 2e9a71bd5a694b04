using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>What the eSIM pages show.</summary>
internal sealed class EsimQueries(AccessGuard guard, IDbContextFactory<ReadModelDbContext> contexts)
{
    private static readonly Keyset<EsimEntity, EsimPosition> ByTime = new Keyset<EsimEntity, EsimPosition>()
        .By(static row => row.SortAtMs, static place => place.SortAtMs)
        .By(static row => row.Iccid, static place => place.Iccid)
        .By(static row => row.IsTest, static place => place.IsTest);

    // Those whose end comes next first; of these lists none is without an end.
    private static readonly Keyset<EsimEntity, EsimPosition> ByExpiry = new Keyset<EsimEntity, EsimPosition>()
        .By(static row => row.ExpiresAtMs, static place => place.ExpiresAtMs)
        .By(static row => row.Iccid, static place => place.Iccid)
        .By(static row => row.IsTest, static place => place.IsTest);

    private const int MaxEvents = 200;

    /// <summary>A page of eSIMs, latest first.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="filter">Which eSIMs.</param>
    /// <param name="after">The place of the last row of the page before; null for the first page.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<PageOf<EsimRow>> ListAsync(
        ClaimsPrincipal who,
        EsimFilter filter,
        EsimPosition? after,
        int size,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        filter = await PlanAsync(context, filter, cancellationToken);
        var fitting = Latest(context, filter, after);
        return PageOf<EsimRow>.Of(await Rows(context, fitting.Take(size + 1)).ToListAsync(cancellationToken), size);
    }

    /// <summary>Given rows as they are now; those that are gone are left out.</summary>
    public async Task<List<EsimRow>> AgainAsync(ClaimsPrincipal who, IReadOnlyList<EsimRow> rows, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var iccids = rows.Select(row => row.Iccid).ToList();
        return await Rows(context, context.Esims.AsNoTracking().Where(row => iccids.Contains(row.Iccid))).ToListAsync(cancellationToken);
    }

    /// <summary>How many eSIMs fit.</summary>
    public async Task<long> CountAsync(ClaimsPrincipal who, EsimFilter filter, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Fitting(context, filter).LongCountAsync(cancellationToken);
    }

    /// <summary>One eSIM; null where there is none.</summary>
    public async Task<EsimDetail?> FindAsync(ClaimsPrincipal who, string iccid, bool isTest, CancellationToken cancellationToken)
    {
        var isViewer = await guard.IsViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        iccid = IccidText.Key(iccid);
        var esim = await context
            .Esims.AsNoTracking()
            .FirstOrDefaultAsync(row => row.IsTest == isTest && row.Iccid == iccid, cancellationToken);
        if (esim is null)
        {
            return null;
        }

        if (isViewer)
        {
            esim.ShortenIdentities();
        }

        var order = await context
            .Orders.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.OrderKey == esim.OrderKey)
            .Select(row => new EsimOrderRow(row.OrderId, row.OrderReference, row.Status, row.PackageCode, row.PackageName))
            .FirstOrDefaultAsync(cancellationToken);
        var topUps = await context
            .TopUps.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.Iccid == iccid)
            .OrderByDescending(row => row.SortAtMs)
            .ThenByDescending(row => row.DeliverySeq)
            .Take(MaxEvents)
            .ToListAsync(cancellationToken);
        var seqs = context.EventEsims.Where(row => row.IsTest == isTest && row.Iccid == iccid).Select(row => row.DeliverySeq);
        var events = await EventRows.ReadAsync(
            context,
            context
                .Events.Where(row => seqs.Contains(row.DeliverySeq))
                .OrderByDescending(row => row.OccurredAtMs ?? 0)
                .ThenByDescending(row => row.DeliverySeq)
                .Take(MaxEvents),
            isViewer,
            cancellationToken
        );
        return new EsimDetail(esim, order, topUps, EventRows.InOrder(events));
    }

    /// <summary>The same filter, with the way to search: what begins so many ICCIDs is found sooner by walking the eSIMs by time.</summary>
    internal static async Task<EsimFilter> PlanAsync(ReadModelDbContext context, EsimFilter filter, CancellationToken cancellationToken) =>
        IccidSearch.Term(filter.Search) is { Length: > 0 } term
            ? filter with
            {
                IsWide =
                    await IccidSearch.ByStart(context, term).Take(SearchKey.Wide).CountAsync(cancellationToken) >= SearchKey.Wide
                    || await IccidSearch.ByEnd(context, term).Take(SearchKey.Wide).CountAsync(cancellationToken) >= SearchKey.Wide,
            }
            : filter;

    /// <summary>The eSIMs that fit, latest first unless the filter says otherwise, from after a place on.</summary>
    internal static IQueryable<EsimEntity> Latest(ReadModelDbContext context, EsimFilter filter, EsimPosition? after)
    {
        var esims = Fitting(context, filter);
        return filter.IsByExpiry ? ByExpiry.From(esims, after, isAscending: true) : ByTime.From(esims, after, filter.IsOldestFirst);
    }

    private static IQueryable<EsimEntity> Fitting(ReadModelDbContext context, EsimFilter filter)
    {
        var esims = context.Esims.AsNoTracking();
        if (filter.Plan is { } plan)
        {
            // Of test data, of which there may be none, its own index is searched: "+ 0" keeps the one of the plans out.
            esims =
                filter.IsTest is true && !filter.IsByExpiry
                    ? esims.Where(row => (int)row.PlanStatus + 0 == (int)plan)
                    : esims.Where(row => row.PlanStatus == plan);
        }

        if (filter.IsByExpiry)
        {
            // This index begins with the environment.
            bool[] environments = filter.IsTest is { } environment ? [environment] : [false, true];
            esims = esims.Where(row => environments.Contains(row.IsTest));
        }
        else
        {
            esims = esims.Within(filter.IsTest);
        }

        if (filter.Only is { Count: > 0 } only)
        {
            esims = esims.Where(row => only.Contains(row.Iccid));
        }

        if (filter.Days.SinceMs is { } since)
        {
            esims = esims.Where(row => row.SortAtMs >= since);
        }

        if (filter.Days.UntilMs is { } until)
        {
            esims = esims.Where(row => row.SortAtMs < until);
        }

        if (filter.ExpiresFromMs is { } fromMs)
        {
            esims = esims.Where(row => row.ExpiresAtMs >= fromMs);
        }

        if (filter.ExpiresBeforeMs is { } beforeMs)
        {
            esims = esims.Where(row => row.ExpiresAtMs < beforeMs);
        }

        if (IccidSearch.Term(filter.Search) is { Length: > 0 } term)
        {
            // Staff know the first digits, or the last ones.
            var (end, reversed) = (SearchKey.AfterPrefix(term), SearchKey.Reverse(term));
            var reversedEnd = SearchKey.AfterPrefix(reversed);
            esims = filter.IsWide
                // No index is searched: the newest are walked.
                ? esims.Where(row => row.Iccid.StartsWith(term) || row.IccidReversed.StartsWith(reversed))
                : esims.Where(row =>
                    (string.Compare(row.Iccid, term) >= 0 && string.Compare(row.Iccid, end) < 0)
                    || (string.Compare(row.IccidReversed, reversed) >= 0 && string.Compare(row.IccidReversed, reversedEnd) < 0)
                );
        }

        return esims;
    }

    private static IQueryable<EsimRow> Rows(ReadModelDbContext context, IQueryable<EsimEntity> esims) =>
        esims.Select(row => new EsimRow(
            row.IsTest,
            row.Iccid,
            row.PlanStatus,
            row.PlanStatusRaw,
            row.ProfileStatus,
            row.ProfileStatusRaw,
            row.InstalledAtMs,
            row.PackageName
                ?? context
                    .Orders.Where(order => order.IsTest == row.IsTest && order.OrderKey == row.OrderKey)
                    .Select(order => order.PackageName)
                    .FirstOrDefault(),
            row.PackageCode,
            row.DataUsedGb,
            row.DataTotalGb,
            row.ExpiresAtMs,
            row.Flags,
            row.SortAtMs,
            row.LastEventAtMs
        )
        {
            ObservedAtMs = row.ObservedAtMs,
            ReceivedAtMs = context
                .EventEsims.Where(reported => reported.IsTest == row.IsTest && reported.Iccid == row.Iccid)
                .OrderByDescending(reported => reported.DeliverySeq)
                .Take(1)
                .Select(reported =>
                    context
                        .Events.Where(source => source.DeliverySeq == reported.DeliverySeq)
                        .Select(source => (long?)source.ReceivedAtMs)
                        .FirstOrDefault()
                )
                .FirstOrDefault(),
        });
}
