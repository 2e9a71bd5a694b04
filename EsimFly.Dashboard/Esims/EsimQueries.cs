using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Esims;

/// <summary>What the eSIM pages show.</summary>
internal sealed class EsimQueries(IDbContextFactory<DashboardDbContext> contexts)
{
    private const int MaxEvents = 200;

    /// <summary>A page of eSIMs, latest first.</summary>
    /// <param name="filter">Which eSIMs.</param>
    /// <param name="after">The last row of the page before; null for the first page.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<PageOf<EsimRow>> ListAsync(EsimFilter filter, EsimRow? after, int size, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Latest(context, filter, after is null ? null : new EsimPosition(after.SortAtMs, after.Iccid, after.IsTest))
            .Take(size + 1)
            .Select(row => new EsimRow(
                row.IsTest, row.Iccid, row.PlanStatus, row.PlanStatusRaw, row.ProfileStatus, row.ProfileStatusRaw, row.InstalledAtMs, row.PackageName,
                row.PackageCode, row.DataUsedGb, row.DataTotalGb, row.ExpiresAtMs, row.Flags, row.SortAtMs, row.LastEventAtMs))
            .ToListAsync(cancellationToken);
        return PageOf<EsimRow>.Of(rows, size);
    }

    /// <summary>One eSIM; null where there is none.</summary>
    public async Task<EsimDetail?> FindAsync(string iccid, bool isTest, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var esim = await context.Esims.AsNoTracking().FirstOrDefaultAsync(row => row.IsTest == isTest && row.Iccid == iccid, cancellationToken);
        if (esim is null)
        {
            return null;
        }

        var order = await context.Orders.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.OrderKey == esim.OrderKey)
            .Select(row => new EsimOrderRow(row.OrderId, row.OrderReference, row.Status))
            .FirstOrDefaultAsync(cancellationToken);
        var topUps = await context.TopUps.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.Iccid == iccid)
            .OrderByDescending(row => row.OccurredAtMs).ThenByDescending(row => row.DeliverySeq)
            .Take(MaxEvents)
            .ToListAsync(cancellationToken);
        var seqs = context.EventEsims
            .Where(row => row.IsTest == isTest && row.Iccid == iccid)
            .Select(row => row.DeliverySeq);
        var events = await context.Events.AsNoTracking()
            .Where(row => seqs.Contains(row.DeliverySeq))
            .OrderByDescending(row => row.OccurredAtMs).ThenByDescending(row => row.DeliverySeq)
            .Take(MaxEvents)
            .Select(EventRow.From(context))
            .ToListAsync(cancellationToken);
        return new EsimDetail(esim, order, topUps, events);
    }

    /// <summary>The eSIMs that fit, latest first, from after a place on.</summary>
    internal static IQueryable<EsimEntity> Latest(DashboardDbContext context, EsimFilter filter, EsimPosition? after)
    {
        var esims = context.Esims.AsNoTracking();
        if (filter.Plan is { } plan)
        {
            esims = esims.Where(row => row.PlanStatus == plan);
        }

        if (filter.IsTest is { } isTest)
        {
            esims = esims.Where(row => row.IsTest == isTest);
        }

        if (SearchKey.Of(filter.Search) is { Length: > 0 } term)
        {
            // Staff know the first digits, or the last ones.
            var (end, reversed) = (SearchKey.AfterPrefix(term), SearchKey.Reverse(term));
            var reversedEnd = SearchKey.AfterPrefix(reversed);
            esims = esims.Where(row =>
                (string.Compare(row.Iccid, term) >= 0 && string.Compare(row.Iccid, end) < 0)
                || (string.Compare(row.IccidReversed, reversed) >= 0 && string.Compare(row.IccidReversed, reversedEnd) < 0));
        }

        if (after is { } place)
        {
            esims = esims.Where(row => row.SortAtMs <= place.SortAtMs
                && (row.SortAtMs < place.SortAtMs || string.Compare(row.Iccid, place.Iccid) < 0
                    || (row.Iccid == place.Iccid && !row.IsTest && place.IsTest)));
        }

        return esims.OrderByDescending(row => row.SortAtMs).ThenByDescending(row => row.Iccid).ThenByDescending(row => row.IsTest);
    }
}

/// <summary>Which eSIMs a list shows.</summary>
internal sealed record EsimFilter(string? Search, PlanStatus? Plan, bool? IsTest = null);

/// <summary>A place in the list of eSIMs: the key of a row.</summary>
internal readonly record struct EsimPosition(long SortAtMs, string Iccid, bool IsTest);

/// <summary>An eSIM in a list.</summary>
internal sealed record EsimRow(
    bool IsTest, string Iccid, PlanStatus PlanStatus, string? PlanStatusRaw, ProfileStatus ProfileStatus, string? ProfileStatusRaw, long? InstalledAtMs,
    string? PackageName, string? PackageCode, decimal? DataUsedGb, decimal? DataTotalGb, long? ExpiresAtMs, EsimFlags Flags, long SortAtMs, long? LastEventAtMs);

/// <summary>The order of an eSIM.</summary>
internal sealed record EsimOrderRow(string? OrderId, string? OrderReference, OrderStatus Status);

/// <summary>An eSIM with all that belongs to it.</summary>
internal sealed record EsimDetail(EsimEntity Esim, EsimOrderRow? Order, IReadOnlyList<TopUpEntity> TopUps, IReadOnlyList<EventRow> Events);
