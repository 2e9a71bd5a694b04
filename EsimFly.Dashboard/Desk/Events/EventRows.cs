using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Desk.Events;

/// <summary>Looks things up in the events of an order or an eSIM, which are given latest first.</summary>
internal static class EventRows
{
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
