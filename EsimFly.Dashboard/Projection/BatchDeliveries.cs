using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// The deliveries and arrivals of a batch: each distinct body is one delivery, each request an arrival of it. Which of them the read model
/// has already is asked once, for all of them.
/// </summary>
internal sealed class BatchDeliveries
{
    private readonly WriteTransaction transaction;
    private readonly Measured measured;
    private readonly MinuteTallies tallies;
    private readonly Dictionary<BodyKey, (long Seq, string? DeliveryId)> known = [];
    private readonly HashSet<(bool IsTest, string Id)> usedIds = [];
    private readonly List<DeliveryEntity> deliveries = [];
    private readonly List<ArrivalEntity> arrivals = [];
    private readonly List<FailedTryEntity> failedTries = [];
    private readonly Dictionary<long, (int Count, DeliveryFlags Flags)> counted = [];

    /// <summary>Asks the read model what it has of these requests.</summary>
    public BatchDeliveries(WriteTransaction transaction, Measured measured, MinuteTallies tallies, IReadOnlyCollection<Seen> requests)
    {
        (this.transaction, this.measured, this.tallies) = (transaction, measured, tallies);
        List<LogRecord> bodies = [.. requests.Select(static seen => seen.Record).DistinctBy(KeyOf)];
        var stored = transaction.QueryEach(
            ProjectionSql.FindDelivery,
            bodies.ConvertAll(static record => new object[] { record.IsTest, record.BodyHash }),
            static row => (row.GetInt64(0), row.FindString(1))
        );
        for (var i = 0; i < bodies.Count; i++)
        {
            if (stored[i] is [var found])
            {
                known.Add(KeyOf(bodies[i]), found);
            }
        }

        List<(bool IsTest, string Id)> ids =
        [
            .. requests
                .Where(static seen => seen.DeliveryId is not null)
                .Select(static seen => (seen.Record.IsTest, seen.DeliveryId!))
                .Distinct(),
        ];
        var used = transaction.QueryEach(
            ProjectionSql.FindDeliveryId,
            ids.ConvertAll(static id => new object[] { id.IsTest, id.Id }),
            static row => row.GetInt64(0)
        );
        usedIds.UnionWith(ids.Where((_, i) => used[i].Count > 0));
    }

    /// <summary>A request whose body is known is one more arrival of its delivery.</summary>
    /// <returns>The delivery; null where the body is new.</returns>
    public long? AddToKnown(Seen seen)
    {
        var record = seen.Record;
        if (!known.TryGetValue(KeyOf(record), out var delivery))
        {
            return null;
        }

        var (count, flags) = counted.GetValueOrDefault(delivery.Seq);
        var isOtherId = !string.Equals(delivery.DeliveryId, seen.DeliveryId, StringComparison.Ordinal);
        counted[delivery.Seq] = (count + 1, flags | (isOtherId ? DeliveryFlags.Replayed : DeliveryFlags.None));
        AddArrival(seen, delivery.Seq);
        tallies.AddRepeat(record.IsTest, record.ReceivedAtMs);
        return delivery.Seq;
    }

    /// <summary>A request with a new body is a delivery.</summary>
    public void Add(Seen seen, DeliveryState state, string? reason)
    {
        var record = seen.Record;
        var processedAtMs = measured.ProcessedAtMs(record.Seq);
        Insert(seen, state, tries: 1, nextTryAtMs: 0, processedAtMs, reason);
        var isTimed = record.RejectedWith is null; // one that was rescued waited for a secret, not for the read model
        tallies.Add(record.IsTest, record.ReceivedAtMs, state, isTimed ? processedAtMs : null);
    }

    /// <summary>The same for one whose folding throws.</summary>
    public void AddFailed(Seen seen, Failure failure)
    {
        var record = seen.Record;
        var state = failure.NextTryAtMs is null ? DeliveryState.Dead : DeliveryState.Failed;
        Insert(seen, state, failure.Tries, failure.NextTryAtMs ?? 0, processedAtMs: null, failure.Error);
        tallies.Add(record.IsTest, record.ReceivedAtMs, state, processedAtMs: null);
        failedTries.Add(failure.OfDelivery(record.Seq));
    }

    /// <summary>Writes all of them.</summary>
    public void Write()
    {
        transaction.Insert(ProjectionSql.InsertDelivery, deliveries);
        transaction.Insert(ProjectionSql.InsertArrival, arrivals);
        transaction.Insert(ProjectionSql.InsertFailedTry, failedTries);
        transaction.ExecuteEach(
            ProjectionSql.CountArrivals,
            [.. counted.Select(static item => new object?[] { item.Key, item.Value.Count, (int)item.Value.Flags })]
        );
    }

    private static BodyKey KeyOf(LogRecord record) => BodyKey.Of(record.IsTest, record.BodyHash);

    private void Insert(Seen seen, DeliveryState state, int tries, long nextTryAtMs, long? processedAtMs, string? error)
    {
        var record = seen.Record;
        var isIdReused = seen.DeliveryId is { } id && !usedIds.Add((record.IsTest, id));
        deliveries.Add(
            new()
            {
                Seq = record.Seq,
                IsTest = record.IsTest,
                BodyHash = record.BodyHash,
                DeliveryId = seen.DeliveryId,
                Contract = record.Contract,
                SignedForm = record.SignedForm,
                SecretId = record.SecretId,
                EventName = seen.EventName,
                BodyBytes = seen.BodyBytes,
                ReceivedAtMs = record.ReceivedAtMs,
                State = state,
                Tries = tries,
                NextTryAtMs = nextTryAtMs,
                ProcessedAtMs = processedAtMs,
                Error = error,
                Flags = seen.Flags | (isIdReused ? DeliveryFlags.IdReused : DeliveryFlags.None),
                Arrivals = 1,
            }
        );
        known.Add(KeyOf(record), (record.Seq, seen.DeliveryId));
        AddArrival(seen, record.Seq);
    }

    private void AddArrival(Seen seen, long deliverySeq)
    {
        var record = seen.Record;
        var (status, durationUs) = measured.Answer(record.Seq);
        arrivals.Add(
            new()
            {
                Id = record.Seq,
                DeliverySeq = deliverySeq,
                ReceivedAtMs = record.ReceivedAtMs,
                Status = record.RejectedWith ?? status,
                DurationUs = durationUs,
                Address = record.Address,
                DeliveryId = seen.DeliveryId,
            }
        );
    }
}
