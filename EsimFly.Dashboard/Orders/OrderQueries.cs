using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Orders;

/// <summary>What the order pages show.</summary>
internal sealed class OrderQueries(IDbContextFactory<DashboardDbContext> contexts)
{
    private const int MaxEvents = 200;

    /// <summary>A page of orders, latest first.</summary>
    /// <param name="filter">Which orders.</param>
    /// <param name="after">The last row of the page before; null for the first page.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<PageOf<OrderRow>> ListAsync(OrderFilter filter, OrderRow? after, int size, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Latest(context, filter, after is null ? null : new OrderPosition(after.SortAtMs, after.OrderKey, after.IsTest))
            .Take(size + 1)
            .Select(row => new OrderRow(
                row.IsTest, row.OrderKey, row.OrderId, row.OrderReference, row.Status, row.PackageCode, row.PackageName, row.Quantity, row.Amount,
                row.ErrorCode, row.EsimCount, row.Flags, row.SortAtMs, row.LastEventAtMs))
            .ToListAsync(cancellationToken);
        return PageOf<OrderRow>.Of(rows, size);
    }

    /// <summary>One order by its id, else by its reference; null where there is none.</summary>
    public async Task<OrderDetail?> FindAsync(string idOrReference, bool isTest, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var order = await FindAsync(context, idOrReference, isTest, cancellationToken);
        if (order is null)
        {
            return null;
        }

        var esims = await context.Esims.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.OrderKey == order.OrderKey)
            .OrderBy(row => row.Iccid)
            .Select(row => new OrderEsimRow(row.Iccid, row.PlanStatus, row.PlanStatusRaw, row.ProfileStatus, row.ProfileStatusRaw, row.InstalledAtMs, row.ExpiresAtMs, row.SealedCodes != null))
            .ToListAsync(cancellationToken);
        var events = await context.Events.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.OrderKey == order.OrderKey)
            .OrderByDescending(row => row.OccurredAtMs).ThenByDescending(row => row.DeliverySeq)
            .Take(MaxEvents)
            .Select(EventRow.From(context))
            .ToListAsync(cancellationToken);
        return new OrderDetail(order, esims, events);
    }

    /// <summary>The orders that fit, latest first, from after a place on.</summary>
    internal static IQueryable<OrderEntity> Latest(DashboardDbContext context, OrderFilter filter, OrderPosition? after)
    {
        var orders = context.Orders.AsNoTracking();
        if (filter.Status is { } status)
        {
            orders = orders.Where(row => row.Status == status);
        }

        if (filter.IsTest is { } isTest)
        {
            orders = orders.Where(row => row.IsTest == isTest);
        }

        if (SearchKey.Of(filter.Search) is { Length: > 0 } term)
        {
            var end = SearchKey.AfterPrefix(term);
            orders = orders.Where(row =>
                (string.Compare(row.OrderIdSearch, term) >= 0 && string.Compare(row.OrderIdSearch, end) < 0)
                || (string.Compare(row.OrderReferenceSearch, term) >= 0 && string.Compare(row.OrderReferenceSearch, end) < 0));
        }

        if (after is { } place)
        {
            orders = orders.Where(row => row.SortAtMs <= place.SortAtMs
                && (row.SortAtMs < place.SortAtMs || string.Compare(row.OrderKey, place.OrderKey) < 0
                    || (row.OrderKey == place.OrderKey && !row.IsTest && place.IsTest)));
        }

        return orders.OrderByDescending(row => row.SortAtMs).ThenByDescending(row => row.OrderKey).ThenByDescending(row => row.IsTest);
    }

    /// <summary>One order by its id, else by its reference; null where there is none.</summary>
    internal static async Task<OrderEntity?> FindAsync(DashboardDbContext context, string idOrReference, bool isTest, CancellationToken cancellationToken)
    {
        var search = SearchKey.Of(idOrReference);
        return await context.Orders.AsNoTracking().FirstOrDefaultAsync(row => row.IsTest == isTest && row.OrderKey == "id:" + idOrReference, cancellationToken)
            ?? await context.Orders.AsNoTracking()
                .Where(row => row.OrderReferenceSearch == search && row.IsTest == isTest && row.OrderReference == idOrReference)
                .OrderByDescending(row => row.SortAtMs)
                .FirstOrDefaultAsync(cancellationToken);
    }
}

/// <summary>Which orders a list shows.</summary>
internal sealed record OrderFilter(string? Search, OrderStatus? Status, bool? IsTest = null);

/// <summary>A place in the list of orders: the key of a row.</summary>
internal readonly record struct OrderPosition(long SortAtMs, string OrderKey, bool IsTest);

/// <summary>An order in a list.</summary>
internal sealed record OrderRow(
    bool IsTest, string OrderKey, string? OrderId, string? OrderReference, OrderStatus Status, string? PackageCode, string? PackageName, int? Quantity,
    decimal? Amount, string? ErrorCode, int EsimCount, OrderFlags Flags, long SortAtMs, long? LastEventAtMs);

/// <summary>An eSIM of an order.</summary>
internal sealed record OrderEsimRow(
    string Iccid, PlanStatus PlanStatus, string? PlanStatusRaw, ProfileStatus ProfileStatus, string? ProfileStatusRaw, long? InstalledAtMs, long? ExpiresAtMs,
    bool HasCode);

/// <summary>An order with all that belongs to it.</summary>
internal sealed record OrderDetail(OrderEntity Order, IReadOnlyList<OrderEsimRow> Esims, IReadOnlyList<EventRow> Events);
