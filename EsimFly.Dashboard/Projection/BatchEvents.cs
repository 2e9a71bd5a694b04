using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>The rows of a batch's events: themselves, the eSIMs that they name, and what each makes by itself.</summary>
internal sealed class BatchEvents
{
    private readonly List<EventEntity> events = [];
    private readonly List<EventEsimEntity> esims = [];
    private readonly List<TopUpEntity> topUps = [];
    private readonly List<BalanceReadingEntity> readings = [];

    /// <summary>Adds an event.</summary>
    /// <param name="record">The log entry that reported it.</param>
    /// <param name="parsed">The event.</param>
    /// <param name="orderKey">The order that it belongs to; null for none.</param>
    /// <param name="iccid">The eSIM of a top-up.</param>
    public void Add(LogRecord record, ParsedEvent parsed, string? orderKey, string iccid)
    {
        events.Add(
            new()
            {
                DeliverySeq = record.Seq,
                IsTest = record.IsTest,
                BodyHash = record.BodyHash,
                Type = parsed.Type,
                OccurredAtMs = parsed.OccurredAtMs,
                ReceivedAtMs = record.ReceivedAtMs,
                OrderId = parsed.OrderId,
                OrderReference = parsed.OrderReference,
                OrderKey = orderKey,
                Facts = parsed.Facts.ToJson(),
            }
        );
        foreach (var (named, codes) in parsed.Esims)
        {
            esims.Add(
                new()
                {
                    DeliverySeq = record.Seq,
                    IsTest = record.IsTest,
                    Iccid = named,
                    HasCodes = codes is not null,
                }
            );
        }

        var direct = new DirectRows(record.Seq, record.IsTest, record.BodyHash, parsed.Type, parsed.OccurredAtMs, iccid, parsed.Facts);
        if (direct.ToTopUp() is { } topUp)
        {
            topUps.Add(topUp);
        }
        else if (direct.ToReading() is { } reading)
        {
            readings.Add(reading);
        }
    }

    /// <summary>Writes all of them.</summary>
    public void Write(WriteTransaction transaction)
    {
        transaction.Insert(ProjectionSql.InsertEvent, events);
        transaction.Insert(ProjectionSql.InsertEventEsim, esims);
        transaction.Insert(ProjectionSql.InsertTopUp, topUps);
        transaction.Insert(ProjectionSql.InsertBalanceReading, readings);
    }
}
