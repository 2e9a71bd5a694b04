using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Folds the orders and eSIMs that were touched, and writes their rows. Where all new events come after those already
/// folded, the fold goes on from its stored state; otherwise it begins again with all events. Both end in the same row.
/// </summary>
internal sealed class SubjectFolder
{
    private const int AtOnce = 4096;

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
        foreach (var some in orders.Chunk(AtOnce))
        {
            WriteOrders(transaction, some);
        }

        foreach (var some in esims.Chunk(AtOnce))
        {
            WriteEsims(transaction, some);
        }
    }

    /// <summary>Whether several order ids have the reference that is all the key knows.</summary>
    public static bool IsAmbiguous(bool isTest, string orderKey, Statements statements) =>
        AmbiguousOf(statements, [(isTest, orderKey)]).Count > 0;

    private static HashSet<(bool IsTest, string Key)> AmbiguousOf(Statements statements, IEnumerable<(bool IsTest, string Key)> orders)
    {
        var byReference = orders
            .Select(static order => (order.IsTest, Reference: OrderKeys.ReferenceOf(order.Key)))
            .Where(static order => order.Reference is not null)
            .Select(static order => (order.IsTest, order.Reference!))
            .ToList();
        return
        [
            .. OrderKeyResolver
                .IdsOf(statements, byReference)
                .Where(static found => found.Value.IsSeveral)
                .Select(static found => (found.Key.IsTest, OrderKeys.OfReference(found.Key.Reference))),
        ];
    }

    private static Touched Touch(Dictionary<(bool IsTest, string Key), Touched> all, bool isTest, string key)
    {
        if (!all.TryGetValue((isTest, key), out var touched))
        {
            all[(isTest, key)] = touched = new Touched();
        }

        return touched;
    }

    private static void WriteOrders(WriteTransaction transaction, KeyValuePair<(bool IsTest, string Key), Touched>[] some)
    {
        var states = ReadStates(transaction, ProjectionSql.OrderFoldState, some, FoldJson.ReadOrder);
        var events = EventsToFold(
            transaction,
            ProjectionSql.EventsOfOrder,
            some,
            i => states[i]?.Last,
            static (row, _) => ReadOrderEvent(row)
        );
        var ambiguous = AmbiguousOf(transaction, some.Select(static item => item.Key));
        var (rows, gone) = (new List<OrderEntity>(some.Length), new List<object?[]>());
        for (var i = 0; i < some.Length; i++)
        {
            var ((isTest, key), (goesOn, list)) = (some[i].Key, events[i]);
            var state = (goesOn ? states[i] : null) ?? new OrderState();
            if (list.Count == 0 && state.Last is null)
            {
                gone.Add([isTest, key]);
                continue;
            }

            state = list.OrderBy(static item => item.Key).Aggregate(state, OrderFold.Apply);
            rows.Add(OrderFold.ToRow(state, isTest, key, ambiguous.Contains((isTest, key))));
        }

        transaction.ExecuteEach(ProjectionSql.DeleteOrder, gone);
        transaction.Insert(ProjectionSql.UpsertOrder, rows);
    }

    private static void WriteEsims(WriteTransaction transaction, KeyValuePair<(bool IsTest, string Key), Touched>[] some)
    {
        var states = ReadStates(transaction, ProjectionSql.EsimFoldState, some, FoldJson.ReadEsim);
        var events = EventsToFold(transaction, ProjectionSql.EventsOfEsim, some, i => states[i]?.Last, ReadEsimEvent);
        var (rows, gone) = (new List<EsimEntity>(some.Length), new List<object?[]>());
        for (var i = 0; i < some.Length; i++)
        {
            var ((isTest, iccid), (goesOn, list)) = (some[i].Key, events[i]);
            var state = (goesOn ? states[i] : null) ?? new EsimState();
            if (list.Count == 0 && state.Last is null)
            {
                gone.Add([isTest, iccid]);
                continue;
            }

            state = list.OrderBy(static item => item.Key).Aggregate(state, (before, item) => EsimFold.Apply(iccid, before, item));
            rows.Add(EsimFold.ToRow(state, isTest, iccid));
        }

        transaction.ExecuteEach(ProjectionSql.DeleteEsim, gone);
        transaction.Insert(ProjectionSql.UpsertEsim, rows);
    }

    // The stored state of each; null where there is none.
    private static TState?[] ReadStates<TState>(
        WriteTransaction transaction,
        string sql,
        KeyValuePair<(bool IsTest, string Key), Touched>[] some,
        Func<string, TState> read
    )
        where TState : class =>
        Array.ConvertAll(
            transaction.QueryEach(sql, KeysOf(some), static row => row.GetString(0)),
            found => found is [var stored] ? read(stored) : null
        );

    // What is to be folded for each: the new events where the fold goes on from its stored state, else all of them.
    private static (bool GoesOn, List<FoldEvent> Events)[] EventsToFold(
        WriteTransaction transaction,
        string allEvents,
        KeyValuePair<(bool IsTest, string Key), Touched>[] some,
        Func<int, FoldKey?> last,
        Func<SqlRow, string, FoldEvent> read
    )
    {
        var all = new (bool GoesOn, List<FoldEvent> Events)[some.Length];
        var again = new List<int>();
        for (var i = 0; i < some.Length; i++)
        {
            if (some[i].Value.GoOnFrom(last(i)) is { } added)
            {
                all[i] = (true, added);
            }
            else
            {
                again.Add(i);
            }
        }

        foreach (var keys in again.Chunk(AtOnce / 8))
        {
            var found = transaction.QueryEach(
                allEvents,
                KeysOf([.. keys.Select(i => some[i])]),
                (key, row) => read(row, some[keys[key]].Key.Key)
            );
            for (var i = 0; i < keys.Length; i++)
            {
                all[keys[i]] = (false, found[i]);
            }
        }

        return all;
    }

    private static List<object[]> KeysOf(KeyValuePair<(bool IsTest, string Key), Touched>[] some) =>
        [.. some.Select(static item => new object[] { item.Key.IsTest, item.Key.Key })];

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
