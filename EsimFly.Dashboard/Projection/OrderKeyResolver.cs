using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Says which order an event belongs to: the one with its order id; with a reference alone, the one order id that has that
/// reference; a stub of the reference while none does, and also where several do, since they cannot be distinguished. What it
/// says depends on the set of events alone, so events that come later move earlier ones.
/// </summary>
internal sealed class OrderKeyResolver(WriteTransaction transaction, SubjectFolder touched)
{
    private readonly Dictionary<(bool IsTest, string Reference), ReferenceIds> ids = [];
    private readonly HashSet<(bool IsTest, string Reference)> linked = [];

    /// <summary>Learns of the events of a batch, and of what is stored of their references.</summary>
    public void Learn(IReadOnlyCollection<(bool IsTest, string? OrderId, string? Reference)> events)
    {
        var named = events
            .Where(static item => item.Reference is not null)
            .Select(static item => (item.IsTest, item.Reference!))
            .ToHashSet();
        foreach (var (reference, known) in IdsOf(transaction, [.. named]))
        {
            ids[reference] = known;
        }

        foreach (var (isTest, id, reference) in events)
        {
            if (id is not null && reference is not null)
            {
                var before = ids[(isTest, reference)];
                var after = ids[(isTest, reference)] = before.With(id);
                linked.Add((isTest, reference));
                if (after.IsSeveral && !before.IsSeveral)
                {
                    touched.RefoldOrder(isTest, OrderKeys.OfReference(reference)); // what is there already is ambiguous now
                }
            }
        }
    }

    /// <summary>The key of the order that an event of the batch belongs to; null where it names none.</summary>
    public string? Resolve(bool isTest, string? orderId, string? orderReference)
    {
        if (orderId is not null)
        {
            return OrderKeys.OfId(orderId);
        }

        return orderReference is null ? null : KeyOf(orderReference, ids[(isTest, orderReference)]);
    }

    /// <summary>
    /// After the events of the batch were stored: moves those stored before that name a reference alone to where they belong now.
    /// </summary>
    public void MoveMisplaced()
    {
        List<(bool IsTest, string Reference, string Key)> places =
        [
            .. linked.Select(item => (item.IsTest, item.Reference, KeyOf(item.Reference, ids[item]))),
        ];
        var misplaced = transaction.QueryEach(
            ProjectionSql.MisplacedEvents,
            places.ConvertAll(static place => new object[] { place.IsTest, place.Reference, place.Key }),
            static row => (Seq: row.GetInt64(0), OrderKey: row.GetString(1))
        );
        List<(bool IsTest, long Seq, string From, string To)> moves =
        [
            .. places.SelectMany((place, i) => misplaced[i].Select(found => (place.IsTest, found.Seq, found.OrderKey, place.Key))),
        ];
        if (moves.Count == 0)
        {
            return;
        }

        transaction.ExecuteEach(ProjectionSql.MoveEvent, moves.ConvertAll(static move => new object?[] { move.Seq, move.To }));
        var esims = transaction.QueryEach(
            ProjectionSql.EsimsOfEvent,
            moves.ConvertAll(static move => new object[] { move.Seq }),
            static row => row.GetString(0)
        );
        for (var i = 0; i < moves.Count; i++)
        {
            touched.RefoldOrder(moves[i].IsTest, moves[i].From);
            touched.RefoldOrder(moves[i].IsTest, moves[i].To);
            esims[i].ForEach(iccid => touched.RefoldEsim(moves[i].IsTest, iccid));
        }
    }

    /// <summary>The order ids that have each of some references.</summary>
    public static Dictionary<(bool IsTest, string Reference), ReferenceIds> IdsOf(
        Statements statements,
        IReadOnlyList<(bool IsTest, string Reference)> references
    )
    {
        var found = statements.QueryEach(
            ProjectionSql.OrderIdsOfReference,
            [.. references.Select(static item => new object[] { item.IsTest, item.Reference })],
            static row => row.IsNull(0) ? default : new ReferenceIds(row.GetString(0), row.GetString(1))
        );
        return references.Select((reference, i) => (reference, found[i][0])).ToDictionary();
    }

    /// <summary>The key of the order that a reference alone means.</summary>
    public static string KeyOf(string orderReference, ReferenceIds ids) =>
        ids.Least is null || ids.IsSeveral ? OrderKeys.OfReference(orderReference) : OrderKeys.OfId(ids.Least);
}

/// <summary>The order ids that bear a reference.</summary>
/// <param name="Least">The first of them in order; null where there is none.</param>
/// <param name="Greatest">The last of them in order.</param>
internal readonly record struct ReferenceIds(string? Least, string? Greatest)
{
    /// <summary>These and another one.</summary>
    public ReferenceIds With(string id) =>
        new(
            Least is null || string.CompareOrdinal(id, Least) < 0 ? id : Least,
            Greatest is null || string.CompareOrdinal(id, Greatest) > 0 ? id : Greatest
        );

    /// <summary>Whether there is more than one.</summary>
    public bool IsSeveral => !string.Equals(Least, Greatest, StringComparison.Ordinal);
}
