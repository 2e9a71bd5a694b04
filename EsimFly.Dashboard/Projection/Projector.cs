using System.Globalization;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Projects log entries into a read model, within one transaction: stores deliveries, arrivals and events, folds what they touch, and
/// moves the position. What a batch needs to know is asked for all of its entries at once, and its rows are written a table at a time. The
/// same code serves the worker, a rebuild and the self-check.
/// </summary>
internal sealed class Projector
{
    private readonly WriteTransaction transaction;
    private readonly Measured measured;
    private readonly HashSet<Change> changes = [];
    private readonly SubjectFolder touched = new();
    private readonly MinuteTallies tallies = new();
    private readonly List<(PreparedEntry? Prepared, LogRecord Record, Failure? Failure)> entries = [];
    private readonly List<(LogRecord Record, ParsedEvent Event)> events = [];

    /// <summary>Begins a batch.</summary>
    /// <param name="transaction">The transaction of the batch.</param>
    /// <param name="measured">What was measured of its entries.</param>
    public Projector(WriteTransaction transaction, Measured measured)
    {
        this.transaction = transaction;
        this.measured = measured;
    }

    /// <summary>Works in an entry with <see cref="Finish"/>. Entries are given in the order of the log.</summary>
    public void Add(PreparedEntry prepared) => entries.Add((prepared, prepared.Record, null));

    /// <summary>
    /// The same for an entry whose folding throws: it is tried again, or never where <paramref name="failure"/> says so.
    /// </summary>
    public void AddFailed(LogRecord record, Failure failure) => entries.Add((null, record, failure));

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
        // Folded before: a delivery that was put back reports nothing new.
        if (
            prepared.Event is { } parsed
            && transaction.Query(ProjectionSql.FindEvent, static row => row.GetInt64(0), record.Seq).Count == 0
        )
        {
            events.Add((record, parsed));
        }

        Changed(record.Seq, record.IsTest);
    }

    /// <summary>A retry has thrown again.</summary>
    public void RetryFailed(LogRecord record, Failure failure)
    {
        var state = failure.NextTryAtMs is null ? DeliveryState.Dead : DeliveryState.Failed;
        transaction.Execute(ProjectionSql.MarkFailed, record.Seq, (int)state, failure.NextTryAtMs ?? 0, failure.Error);
        transaction.Insert(ProjectionSql.InsertFailedTry, [failure.OfDelivery(record.Seq)]);
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
            events.Add((record, left!));
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
                events.Add((record, left));
            }
        }

        Changed(record.Seq, record.IsTest);
    }

    /// <summary>Works in what was given, folds and writes all that is touched.</summary>
    /// <returns>What has changed, to be published after the commit.</returns>
    public IReadOnlyCollection<Change> Finish()
    {
        WriteDeliveries();
        WriteEvents();
        touched.Write(transaction);
        tallies.Write(transaction);
        changes.UnionWith(ChangesOf(touched));
        return changes;
    }

    /// <summary>Moves the position; call it last.</summary>
    /// <exception cref="PositionMovedException">Another projector was faster: nothing of this batch may be written.</exception>
    public static void Move(WriteTransaction transaction, long from, long to, string epoch)
    {
        if (transaction.Execute(ProjectionSql.MovePosition, from, to, epoch) != 1)
        {
            throw new PositionMovedException(from);
        }
    }

    private static IEnumerable<Change> ChangesOf(SubjectFolder touched) =>
        touched
            .Orders.Select(order => new Change(Topic.Order, OrderKeys.NameOf(order.OrderKey), order.IsTest))
            .Concat(touched.Esims.Select(esim => new Change(Topic.Esim, esim.Iccid, esim.IsTest)));

    private void WriteDeliveries()
    {
        var requests = new List<(Seen Seen, PreparedEntry? Prepared, Failure? Failure)>(entries.Count);
        foreach (var (prepared, record, failure) in entries)
        {
            if (prepared is { IsObservation: true })
            {
                if (prepared.Event is { } observed)
                {
                    events.Add((record, observed));
                }
            }
            else if (failure is not null)
            {
                requests.Add((new Seen(record, DeliveryId: null, EventName: null, BodyBytes: 0, record.Flags), null, failure));
            }
            else if (record.Kind != LogEntryKind.Removed)
            {
                var flags = prepared!.Flags | (prepared.Event?.Flags ?? DeliveryFlags.None);
                requests.Add((new Seen(record, prepared.DeliveryId, prepared.EventName, prepared.BodyBytes, flags), prepared, null));
            }
        }

        var batch = new BatchDeliveries(transaction, measured, tallies, [.. requests.Select(static request => request.Seen)]);
        foreach (var (seen, prepared, failure) in requests)
        {
            var record = seen.Record;
            if (batch.AddToKnown(seen) is { } known)
            {
                Changed(known, record.IsTest);
                continue;
            }

            if (failure is not null)
            {
                batch.AddFailed(seen, failure);
            }
            else
            {
                batch.Add(seen, prepared!.State, prepared.Reason);
                if (prepared.Event is { } parsed)
                {
                    events.Add((record, parsed));
                }
            }

            Changed(record.Seq, record.IsTest);
        }

        batch.Write();
        entries.Clear();
    }

    private void WriteEvents()
    {
        if (events.Count == 0)
        {
            return;
        }

        var resolver = new OrderKeyResolver(transaction, touched);
        resolver.Learn(events.ConvertAll(static item => (item.Record.IsTest, item.Event.OrderId, item.Event.OrderReference)));
        var rows = new BatchEvents();
        foreach (var (record, parsed) in events)
        {
            var orderKey = resolver.Resolve(record.IsTest, parsed.OrderId, parsed.OrderReference);
            var iccids = IccidsOf(parsed);
            rows.Add(record, parsed, orderKey, iccids.FirstOrDefault() ?? "");
            Touch(record, parsed, orderKey, iccids);
            if (parsed.Type is EventType.TopUpCompleted or EventType.TopUpFailed)
            {
                changes.Add(new Change(Topic.TopUp, iccids[0], record.IsTest));
            }
            else if (parsed.Type is EventType.BalanceLow or EventType.BalanceObserved)
            {
                changes.Add(new Change(Topic.Balance, "", record.IsTest));
            }
        }

        rows.Write(transaction);
        resolver.MoveMisplaced();
        events.Clear();
    }

    private static List<string> IccidsOf(ParsedEvent parsed) =>
        parsed.Facts.Esims is { } listed
            ? [.. listed.Select(static esim => esim.Iccid).Distinct(StringComparer.Ordinal)] // of which some may be erased
            : [.. parsed.Esims.Select(static esim => esim.Iccid)];

    private void Touch(LogRecord record, ParsedEvent parsed, string? orderKey, List<string> iccids)
    {
        var key = FoldKey.Of(parsed.OccurredAtMs, parsed.Facts.HappenedAtMs, parsed.Type, record.BodyHash);
        FoldEvent About(IReadOnlyList<string> about, bool hasCodes) =>
            new(key, parsed.OccurredAtMs, parsed.Type, parsed.OrderId, parsed.OrderReference, orderKey, about, hasCodes, parsed.Facts);
        foreach (var (iccid, codes) in parsed.Esims)
        {
            touched.AddToEsim(record.IsTest, iccid, About([iccid], codes is not null));
        }

        if (orderKey is not null)
        {
            touched.AddToOrder(record.IsTest, orderKey, About(iccids, hasCodes: false));
        }
    }

    private void Changed(long deliverySeq, bool isTest) =>
        changes.Add(new Change(Topic.Delivery, deliverySeq.ToString(CultureInfo.InvariantCulture), isTest));
}

/// <summary>What is known of a request before it is folded.</summary>
internal readonly record struct Seen(LogRecord Record, string? DeliveryId, string? EventName, int BodyBytes, DeliveryFlags Flags);

/// <summary>The read model is no longer where it was when the batch was read: another projector was faster.</summary>
internal sealed class PositionMovedException(long from)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"The read model is no longer at position {from}."));

/// <summary>A try to work in an entry that threw.</summary>
/// <param name="Tries">How many there were, this one counted.</param>
/// <param name="AtMs">When, Unix milliseconds.</param>
/// <param name="NextTryAtMs">When it is tried again; null for never.</param>
/// <param name="Error">Why, in plain words.</param>
internal sealed record Failure(int Tries, long AtMs, long? NextTryAtMs, string Error)
{
    /// <summary>Its row.</summary>
    public FailedTryEntity OfDelivery(long seq) =>
        new()
        {
            DeliverySeq = seq,
            AtMs = AtMs,
            Error = Error,
            NextTryAtMs = NextTryAtMs,
        };
}
