using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Events;

/// <summary>Looks things up in the events of an order or an eSIM, which are given latest first.</summary>
internal static class EventRows
{
    /// <summary>Reads events for somebody to see: the one way from the store to a page.</summary>
    /// <param name="context">Supplies their eSIMs.</param>
    /// <param name="events">Which events, in which order.</param>
    /// <param name="isViewer">Whether a viewer sees them, who is shown the last digits of what identifies a person.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<List<EventRow>> ReadAsync(
        ReadModelDbContext context,
        IQueryable<EventEntity> events,
        bool isViewer,
        CancellationToken cancellationToken
    )
    {
        var rows = await events.AsNoTracking().Select(EventRow.From(context)).ToListAsync(cancellationToken);
        return isViewer ? rows.ConvertAll(static row => row with { FactsJson = "{}", Facts = row.Facts.ForViewers() }) : rows;
    }

    /// <summary>The events, latest first: those of the same moment in the order in which causes come before effects.</summary>
    public static IReadOnlyList<EventRow> InOrder(IEnumerable<EventRow> events) =>
        [
            .. events
                .OrderByDescending(row => row.OccurredAtMs ?? 0)
                .ThenByDescending(row => row.Type.CausalRank())
                .ThenByDescending(row => row.DeliverySeq),
        ];

    /// <summary>The latest event of one of these types; null where there is none.</summary>
    public static EventRow? Latest(this IReadOnlyList<EventRow> events, params ReadOnlySpan<EventType> types)
    {
        foreach (var row in events)
        {
            if (types.Contains(row.Type))
            {
                return row;
            }
        }

        return null;
    }

    /// <summary>The latest event of which something holds; null where there is none.</summary>
    public static EventRow? Latest(this IReadOnlyList<EventRow> events, Func<EventRow, bool> holds) => events.FirstOrDefault(holds);
}
