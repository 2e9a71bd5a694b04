using System.Globalization;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Works log entries into a desk, within one transaction: stores deliveries, arrivals and events, folds what they touch, and moves the
/// position. The same code serves the worker, a rebuild and the self-check.
/// </summary>
internal sealed class Projector
{
    private readonly WriteTransaction transaction;
    private readonly Measured measured;
    private readonly HashSet<Change> changes = [];
    private readonly SubjectFolder touched = new();
    private readonly MinuteTallies tallies = new();
    private readonly OrderKeyResolver resolver;

    /// <summary>Begins a batch.</summary>
    /// <param name="transaction">The transaction of the batch.</param>
    /// <param name="measured">What was measured of its entries.</param>
    public Projector(WriteTransaction transaction, Measured measured)
    {
        this.transaction = transaction;
        this.measured = measured;
        resolver = new OrderKeyResolver(transaction, touched);
    }

    /// <summary>Works in an entry whose folding throws: it is tried again, or never where <paramref name="failure"/> says so.</summary>
    public void AddFailed(LogRecord record, Failure failure)
    {
        var state = failure.NextTryAtMs is null ? DeliveryState.Dead : DeliveryState.Failed;
        var seen = new Seen(record, DeliveryId: null, EventName: null, BodyBytes: 0, record.Flags);
        if (Insert(seen, state, failure.Tries, failure.NextTryAtMs ?? 0, processedAtMs: null, failure.Error))
        {
            tallies.Add(record.IsTest, record.ReceivedAtMs, state, processedAtMs: null);
            transaction.Execute(ProjectionSql.InsertFailedTry, record.Seq, failure.AtMs, failure.Error, failure.NextTryAtMs);
        }
        else
        {
            AddArrivalOfKnown(seen);
        }

        Changed(record.Seq, record.IsTest);
    }

    /// <summary>Works in a delivery that failed before or was put back.</summary>
    public void Retry(PreparedEntry prepared)
    {
        var record = prepared.Record;
        var processedAtMs = measured.NowMs;
        var state = prepared.State;
        transaction.Execute(
            ProjectionSql.EndRetry,
            record.Seq,
            (int)state,
            processedAtMs,
            prepared.Reason,
            (int)(prepared.Flags | (prepared.Event?.Flags ?? DeliveryFlags.None)),
            prepared.EventName
        );
        tallies.Move(record.IsTest, record.ReceivedAtMs, DeliveryState.Failed, state);
        if (prepared.Event is { } parsed)
        {
            Store(record, parsed);
        }

        Changed(record.Seq, record.IsTest);
    }

    /// <summary>A retry has thrown again.</summary>
    public void RetryFailed(LogRecord record, Failure failure)
    {
        var state = failure.NextTryAtMs is null ? DeliveryState.Dead : DeliveryState.Failed;
        transaction.Execute(ProjectionSql.MarkFailed, record.Seq, (int)state, failure.NextTryAtMs ?? 0, failure.Error);
        transaction.Execute(ProjectionSql.InsertFailedTry, record.Seq, failure.AtMs, failure.Error, failure.NextTryAtMs);
        tallies.Move(record.IsTest, record.ReceivedAtMs, DeliveryState.Failed, state);
        Changed(record.Seq, record.IsTest);
    }

    /// <summary>
    /// Takes out what an entry's delivery reported, and works in what is kept of it. What else it was about is folded again.
    /// </summary>
    /// <param name="record">The entry.</param>
    /// <param name="left">What is kept of its event; null for nothing.</param>
    /// <param name="isErased">Whether to mark the delivery so.</param>
    public void Replace(LogRecord record, ParsedEvent? left, bool isErased)
    {
        foreach (
            var (isTest, orderKey) in transaction.Query(
                ProjectionSql.OrderOfEvent,
                static row => (row.GetBoolean(0), row.FindString(1)),
                record.Seq
            )
        )
        {
            if (orderKey is not null)
            {
                touched.RefoldOrder(isTest, orderKey);
            }

            foreach (var iccid in transaction.Query(ProjectionSql.EsimsOfEvent, static row => row.GetString(0), record.Seq))
            {
                touched.RefoldEsim(isTest, iccid);
            }
        }

        foreach (var statement in ProjectionSql.RemoveEvent)
        {
            transaction.Execute(statement, record.Seq);
        }

        var isObservation = left?.Type.IsObservation() == true; // of which there is no delivery
        if (isObservation)
        {
            Store(record, left!);
        }

        if (
            transaction.Query(ProjectionSql.FindState, static row => (DeliveryState)row.GetInt32(0), record.Seq) is [var before]
            && transaction.Execute(
                ProjectionSql.MarkReplaced,
                record.Seq,
                (int)((isErased ? DeliveryFlags.Erased : DeliveryFlags.None) | (left?.Flags ?? DeliveryFlags.None))
            ) == 1
        )
        {
            if (before != DeliveryState.Processed)
            {
                tallies.Move(record.IsTest, record.ReceivedAtMs, before, DeliveryState.Processed);
            }

            if (left is not null && !isObservation)
            {
                Store(record, left);
            }
        }

        Changed(record.Seq, record.IsTest);
    }

    /// <summary>Folds and writes all that was touched.</summary>
    /// <returns>What has changed, to be published after the commit.</returns>
    public IReadOnlyCollection<Change> Finish()
    {
        touched.Write(transaction);
        tallies.Write(transaction);
        changes.UnionWith(ChangesOf(touched));
        return changes;
    }

    /// <summary>Moves the position; call it last.</summary>
    /// <exception cref="InvalidOperationException">Another projector was faster: nothing of this batch may be written.</exception>
    public static void Move(WriteTransaction transaction, long from, long to, string epoch)
    {
        if (transaction.Execute(ProjectionSql.MovePosition, from, to, epoch) != 1)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The desk is no longer at position {from}."));
        }
    }

    private static IEnumerable<Change> ChangesOf(SubjectFolder touched) =>
        touched
            .Orders.Select(order => new Change(Topic.Order, OrderKeys.NameOf(order.OrderKey), order.IsTest))
            .Concat(touched.Esims.Select(esim => new Change(Topic.Esim, esim.Iccid, esim.IsTest)));

    /// <summary>Works in an entry. Entries are given in the order of the log.</summary>
    public void Add(PreparedEntry prepared)
    {
        var record = prepared.Record;
        if (record.Kind == LogEntryKind.Removed)
        {
            return;
        }

        if (prepared.IsObservation)
        {
            if (prepared.Event is { } observed)
            {
                Store(record, observed);
            }

            return;
        }

        var seen = new Seen(
            record,
            prepared.DeliveryId,
            prepared.EventName,
            prepared.BodyBytes,
            prepared.Flags | (prepared.Event?.Flags ?? DeliveryFlags.None)
        );
        if (record.Kind == LogEntryKind.Repeat && AddArrivalOfKnown(seen))
        {
            return;
        }

        var state = prepared.State;
        var processedAtMs = measured.ProcessedAtMs(record.Seq);
        if (!Insert(seen, state, tries: 1, nextTryAtMs: 0, processedAtMs, prepared.Reason))
        {
            AddArrivalOfKnown(seen);
            return;
        }

        var isTimed = record.RejectedWith is null; // one that was rescued waited for a secret, not for the desk
        tallies.Add(record.IsTest, record.ReceivedAtMs, state, isTimed ? processedAtMs : null);
        Changed(record.Seq, record.IsTest);
        if (prepared.Event is { } parsed)
        {
            Store(record, parsed);
        }
    }

    // False where a delivery with these signed bytes is there already.
    private bool Insert(Seen seen, DeliveryState state, int tries, long nextTryAtMs, long? processedAtMs, string? error)
    {
        var record = seen.Record;
        var isNew =
            transaction.Execute(
                ProjectionSql.InsertDelivery,
                record.Seq,
                record.IsTest,
                record.BodyHash,
                seen.DeliveryId,
                (int)record.Contract,
                (int)record.SignedForm,
                record.SecretId,
                seen.EventName,
                seen.BodyBytes,
                record.ReceivedAtMs,
                (int)state,
                tries,
                nextTryAtMs,
                processedAtMs,
                error,
                (int)seen.Flags
            ) == 1;
        if (isNew)
        {
            AddArrival(seen, record.Seq);
        }

        return isNew;
    }

    private bool AddArrivalOfKnown(Seen seen)
    {
        var record = seen.Record;
        if (
            transaction.Query(
                ProjectionSql.FindDelivery,
                static row => (Seq: row.GetInt64(0), AtMs: row.GetInt64(1)),
                record.IsTest,
                record.BodyHash
            )
            is not [var known]
        )
        {
            return false;
        }

        transaction.Execute(ProjectionSql.CountArrival, known.Seq, seen.DeliveryId);
        AddArrival(seen, known.Seq);
        tallies.AddRepeat(record.IsTest, record.ReceivedAtMs);
        Changed(known.Seq, record.IsTest);
        return true;
    }

    private void AddArrival(Seen seen, long deliverySeq)
    {
        var record = seen.Record;
        var (status, durationUs) = measured.Answer(record.Seq);
        transaction.Execute(
            ProjectionSql.InsertArrival,
            record.Seq,
            deliverySeq,
            record.ReceivedAtMs,
            record.RejectedWith ?? status,
            durationUs,
            record.Address,
            seen.DeliveryId
        );
    }

    private void Store(LogRecord record, ParsedEvent parsed)
    {
        var isTest = record.IsTest;
        var orderKey = resolver.Resolve(isTest, parsed.OrderId, parsed.OrderReference);
        var isNew =
            transaction.Execute(
                ProjectionSql.InsertEvent,
                record.Seq,
                isTest,
                record.BodyHash,
                (int)parsed.Type,
                parsed.OccurredAtMs,
                record.ReceivedAtMs,
                parsed.OrderId,
                parsed.OrderReference,
                orderKey,
                parsed.Facts.ToJson()
            ) == 1;
        if (!isNew)
        {
            return; // folded before: a delivery that was put back reports nothing new
        }

        var key = FoldKey.Of(parsed.OccurredAtMs, parsed.Facts.HappenedAtMs, parsed.Type, record.BodyHash);
        List<string> iccids = parsed.Facts.Esims is { } listed
            ? [.. listed.Select(static esim => esim.Iccid).Distinct(StringComparer.Ordinal)] // of which some may be erased
            : [.. parsed.Esims.Select(static esim => esim.Iccid)];
        foreach (var (iccid, codes) in parsed.Esims)
        {
            var hasCodes = codes is not null;
            transaction.Execute(ProjectionSql.InsertEventEsim, record.Seq, isTest, iccid, hasCodes);
            touched.AddToEsim(
                isTest,
                iccid,
                new FoldEvent(
                    key,
                    parsed.OccurredAtMs,
                    parsed.Type,
                    parsed.OrderId,
                    parsed.OrderReference,
                    orderKey,
                    [iccid],
                    hasCodes,
                    parsed.Facts
                )
            );
        }

        if (orderKey is not null)
        {
            touched.AddToOrder(
                isTest,
                orderKey,
                new FoldEvent(
                    key,
                    parsed.OccurredAtMs,
                    parsed.Type,
                    parsed.OrderId,
                    parsed.OrderReference,
                    orderKey,
                    iccids,
                    HasCodes: false,
                    parsed.Facts
                )
            );
            resolver.Link(isTest, parsed.OrderId, parsed.OrderReference);
        }

        new DirectRows(
            record.Seq,
            isTest,
            record.BodyHash,
            parsed.Type,
            parsed.OccurredAtMs,
            iccids.FirstOrDefault() ?? "",
            parsed.Facts
        ).Insert(transaction);
        if (parsed.Type is EventType.TopUpCompleted or EventType.TopUpFailed)
        {
            changes.Add(new Change(Topic.TopUp, iccids[0], isTest));
        }
        else if (parsed.Type is EventType.BalanceLow or EventType.BalanceObserved)
        {
            changes.Add(new Change(Topic.Balance, "", isTest));
        }
    }

    private void Changed(long deliverySeq, bool isTest) =>
        changes.Add(new Change(Topic.Delivery, deliverySeq.ToString(CultureInfo.InvariantCulture), isTest));

    /// <summary>What is known of a request before it is folded.</summary>
    private readonly record struct Seen(LogRecord Record, string? DeliveryId, string? EventName, int BodyBytes, DeliveryFlags Flags);
}

/// <summary>A try to work in an entry that threw.</summary>
/// <param name="Tries">How many there were, this one counted.</param>
/// <param name="AtMs">When, Unix milliseconds.</param>
/// <param name="NextTryAtMs">When it is tried again; null for never.</param>
/// <param name="Error">Why, in plain words.</param>
internal sealed record Failure(int Tries, long AtMs, long? NextTryAtMs, string Error);
