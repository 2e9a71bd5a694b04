using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>
/// Since when an order waits for its end: since it was placed, or since it was created again after a failure. The one rule for
/// lists, verdicts, alerts and missing events.
/// </summary>
internal static class OrderWaiting
{
    /// <summary>Since when it waits, Unix milliseconds; null where it has ended or nothing says when it was placed.</summary>
    public static long? SinceMs(OrderStatus status, OrderFlags flags, long placedAtMs, long? lastEventAtMs)
    {
        var sinceMs = flags.HasFlag(OrderFlags.CreatedAgain) ? lastEventAtMs ?? placedAtMs : placedAtMs;
        return status == OrderStatus.Processing && sinceMs > 0 ? sinceMs : null;
    }

    /// <inheritdoc cref="SinceMs(OrderStatus, OrderFlags, long, long?)"/>
    public static long? SinceMs(OrderEntity order) => SinceMs(order.Status, order.Flags, order.SortAtMs, order.LastEventAtMs);

    /// <summary>Keeps the orders that have waited since then or longer. The same rule, as SQL over the index on state and time.</summary>
    /// <param name="orders">The orders.</param>
    /// <param name="beforeMs">The moment, Unix milliseconds.</param>
    public static IQueryable<OrderEntity> WaitingSince(this IQueryable<OrderEntity> orders, long beforeMs) =>
        orders.Where(row =>
            row.Status == OrderStatus.Processing
            && row.SortAtMs > 0
            && row.SortAtMs <= beforeMs
            && ((row.Flags & OrderFlags.CreatedAgain) == OrderFlags.None || (row.LastEventAtMs ?? row.SortAtMs) <= beforeMs)
        );

    /// <summary>Orders that wait, each with since when, to be filtered and sorted by it in SQL.</summary>
    /// <param name="orders">Orders that have not ended: see <see cref="WaitingSince"/>.</param>
    public static IQueryable<WaitingOrder> WithSince(this IQueryable<OrderEntity> orders) =>
        orders.Select(row => new WaitingOrder
        {
            Order = row,
            SinceMs = (row.Flags & OrderFlags.CreatedAgain) == OrderFlags.None ? row.SortAtMs : row.LastEventAtMs ?? row.SortAtMs,
        });
}

/// <summary>An order that waits for its end.</summary>
internal sealed record WaitingOrder
{
    /// <summary>The order.</summary>
    public required OrderEntity Order { get; init; }

    /// <summary>Since when it waits, Unix milliseconds.</summary>
    public required long SinceMs { get; init; }
}
