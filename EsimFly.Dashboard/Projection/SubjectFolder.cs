using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Folds the orders and eSIMs that were touched, and writes their rows. Where all new events come after those already
/// folded, the fold goes on from its stored state; otherwise it begins again with all events. Both end in the same row.
/// </summary>
internal sealed class SubjectFolder
{
    private readonly Dictionary<(bool IsTest, string Key), Touched> orders = [];
    private readonly Dictionary<(bool IsTest, string Key), Touched> esims = [];

    /// <summary>The orders that were touched.</summary>
    public IEnumerable<(bool IsTest, string OrderKey)> Orders => orders.Keys;

    /// <summary>The eSIMs that were touched.</summary>
    public IEnumerable<(bool IsTest, string Iccid)> Esims => esims.Keys;

    /// <summary>An order has a new event.</summary>
    public void AddToOrder(bool isTest, string orderKey, FoldEvent added) => Touch(orders, isTest, orderKey).Added.Add(added);

    /// <summary>An eSIM has a new event.</summary>
    public void AddToEsim(bool isTest, string iccid, FoldEvent added) => Touch(esims, isTest, iccid).Added.Add(added);

    /// <summary>An order is to be folded from its first event on.</summary>
    public void RefoldOrder(bool isTest, string orderKey) => Touch(orders, isTest, orderKey).IsAnew = true;

    /// <summary>An eSIM is to be folded from its first event on.</summary>
    public void RefoldEsim(bool isTest, string iccid) => Touch(esims, isTest, iccid).IsAnew = true;

    /// <summary>Folds and writes all that was touched.</summary>
    public void Write(WriteTransaction transaction)
    {
        foreach (var ((isTest, key), touched) in orders)
        {
            WriteOrder(transaction, isTest, key, touched);
        }

        foreach (var ((isTest, key), touched) in esims)
        {
            WriteEsim(transaction, isTest, key, touched);
        }
    }

    /// <summary>Whether several order ids bear the reference that is all the key knows.</summary>
    public static bool IsAmbiguous(bool isTest, string orderKey, Statements statements) =>
        OrderKeys.ReferenceOf(orderKey) is { } reference && OrderKeyResolver.IdsOf(statements, isTest, reference).IsSeveral;

    private static Touched Touch(Dictionary<(bool IsTest, string Key), Touched> all, bool isTest, string key)
    {
        if (!all.TryGetValue((isTest, key), out var touched))
        {
            all[(isTest, key)] = touched = new Touched();
        }

        return touched;
    }

    private static void WriteOrder(WriteTransaction transaction, bool isTest, string key, Touched touched)
    {
        var stored = transaction.Scalar<string>(ProjectionSql.OrderFoldState, isTest, key);
        var state = stored is null ? new OrderState() : FoldJson.ReadOrder(stored);
        var events = touched.GoOnFrom(state.Last);
        if (events is null)
        {
            state = new OrderState();
            events = transaction.Query(ProjectionSql.EventsOfOrder, ReadOrderEvent, isTest, key);
        }

        if (events.Count == 0 && state.Last is null)
        {
            transaction.Execute(ProjectionSql.DeleteOrder, isTest, key);
            return;
        }

        state = events.OrderBy(item => item.Key).Aggregate(state, OrderFold.Apply);
        Upsert(transaction, OrderFold.ToRow(state, isTest, key, IsAmbiguous(isTest, key, transaction)));
    }

    private static void WriteEsim(WriteTransaction transaction, bool isTest, string iccid, Touched touched)
    {
        var stored = transaction.Scalar<string>(ProjectionSql.EsimFoldState, isTest, iccid);
        var state = stored is null ? new EsimState() : FoldJson.ReadEsim(stored);
        var events = touched.GoOnFrom(state.Last);
        if (events is null)
        {
            state = new EsimState();
            events = transaction.Query(ProjectionSql.EventsOfEsim, row => ReadEsimEvent(row, iccid), isTest, iccid);
        }

        if (events.Count == 0 && state.Last is null)
        {
            transaction.Execute(ProjectionSql.DeleteEsim, isTest, iccid);
            return;
        }

        state = events.OrderBy(item => item.Key).Aggregate(state, (before, item) => EsimFold.Apply(iccid, before, item));
        Upsert(transaction, EsimFold.ToRow(state, isTest, iccid));
    }

    /// <summary>An order from all of its events, in any order. Pure.</summary>
    internal static OrderEntity FoldOrder(bool isTest, string key, IEnumerable<FoldEvent> events, bool isAmbiguous) =>
        OrderFold.ToRow(events.OrderBy(static item => item.Key).Aggregate(new OrderState(), OrderFold.Apply), isTest, key, isAmbiguous);

    /// <summary>An eSIM from all of its events, in any order. Pure.</summary>
    internal static EsimEntity FoldEsim(bool isTest, string iccid, IEnumerable<FoldEvent> events) =>
        EsimFold.ToRow(
            events.OrderBy(static item => item.Key).Aggregate(new EsimState(), (before, item) => EsimFold.Apply(iccid, before, item)),
            isTest,
            iccid
        );

    /// <summary>Reads a row of <see cref="ProjectionSql.EventsOfOrder"/>.</summary>
    internal static FoldEvent ReadOrderEvent(SqlRow row)
    {
        var facts = EventFacts.FromJson(row.GetString(6));
        IReadOnlyList<string> iccids =
            facts.Esims is { } listed ? [.. listed.Select(esim => esim.Iccid).Distinct(StringComparer.Ordinal)]
            : row.IsNull(7) ? []
            : [row.GetString(7)];
        return ReadEvent(row, iccids, hasCodes: false, facts);
    }

    /// <summary>Reads a row of <see cref="ProjectionSql.EventsOfEsim"/>.</summary>
    internal static FoldEvent ReadEsimEvent(SqlRow row, string iccid) =>
        ReadEvent(row, [iccid], row.GetBoolean(7), EventFacts.FromJson(row.GetString(6)));

    private static FoldEvent ReadEvent(SqlRow row, IReadOnlyList<string> iccids, bool hasCodes, EventFacts facts)
    {
        var type = (EventType)row.GetInt32(0);
        return new FoldEvent(
            FoldKey.Of(row.FindInt64(1), facts.HappenedAtMs, type, row.GetBytes(2)),
            row.FindInt64(1),
            type,
            row.FindString(3),
            row.FindString(4),
            row.FindString(5),
            iccids,
            hasCodes,
            facts
        );
    }

    private static void Upsert(WriteTransaction transaction, OrderEntity row) =>
        transaction.Execute(
            ProjectionSql.UpsertOrder,
            row.IsTest,
            row.OrderKey,
            row.OrderId,
            row.OrderReference,
            row.OrderIdSearch,
            row.OrderReferenceSearch,
            row.OrderIdReversed,
            row.OrderReferenceReversed,
            (int)row.Status,
            row.PackageCode,
            row.PackageName,
            row.Quantity,
            row.Amount,
            row.Currency,
            row.OtherReferences,
            row.OtherReferencesSearch,
            row.ErrorCode,
            row.ErrorMessage,
            row.CanRetry,
            row.CreatedAtMs,
            row.CompletedAtMs,
            row.FailedAtMs,
            row.SortAtMs,
            row.LastEventAtMs,
            row.ObservedAtMs,
            row.EsimCount,
            (int)row.Flags,
            row.FoldState
        );

    private static void Upsert(WriteTransaction transaction, EsimEntity row) =>
        transaction.Execute(
            ProjectionSql.UpsertEsim,
            row.IsTest,
            row.Iccid,
            row.IccidReversed,
            row.OrderKey,
            (int)row.PlanStatus,
            row.PlanStatusRaw,
            (int)row.ProfileStatus,
            row.ProfileStatusRaw,
            row.PackageCode,
            row.PackageName,
            row.EsimId,
            row.Eid,
            row.Imsi,
            row.EidReversed,
            row.ImsiReversed,
            row.ProvisionedAtMs,
            row.InstalledAtMs,
            row.ActivatedAtMs,
            row.ExpiresAtMs,
            row.UnreadExpiry,
            row.SentAs,
            row.ExpiredAtMs,
            row.DataUsedGb,
            row.DataTotalGb,
            row.UsageAsOfMs,
            row.SortAtMs,
            row.LastEventAtMs,
            row.ObservedAtMs,
            (int)row.Flags,
            row.CodesFrom,
            row.FoldState
        );

    /// <summary>What a batch brought for one subject.</summary>
    private sealed class Touched
    {
        public List<FoldEvent> Added { get; } = [];

        public bool IsAnew { get; set; }

        /// <summary>The new events, where they all come after <paramref name="last"/>; null where the fold must begin again.</summary>
        public List<FoldEvent>? GoOnFrom(FoldKey? last) =>
            IsAnew || (last is not null && Added.Any(added => added.Key.CompareTo(last) <= 0)) ? null : Added;
    }
}
