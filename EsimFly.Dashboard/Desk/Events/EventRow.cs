using System.Linq.Expressions;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Events;

/// <summary>An event as feeds and timelines show it.</summary>
public sealed record EventRow(
    long DeliverySeq,
    bool IsTest,
    EventType Type,
    long? OccurredAtMs,
    long ReceivedAtMs,
    string? OrderId,
    string? OrderReference,
    string? Iccid,
    string FactsJson
)
{
    /// <summary>All that it says.</summary>
    public EventFacts Facts { get; init; } = EventFacts.FromJson(FactsJson);

    /// <summary>The order that it names: by id, else by reference.</summary>
    public string? OrderName => OrderId ?? OrderReference;

    /// <summary>Reads rows of events; <paramref name="context"/> supplies their eSIMs.</summary>
    internal static Expression<Func<EventEntity, EventRow>> From(ReadModelDbContext context) =>
        row => new EventRow(
            row.DeliverySeq,
            row.IsTest,
            row.Type,
            row.OccurredAtMs,
            row.ReceivedAtMs,
            row.OrderId,
            row.OrderReference,
            context.EventEsims.Where(esim => esim.DeliverySeq == row.DeliverySeq).Min(esim => esim.Iccid),
            row.Facts
        );
}
