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
    private readonly HashSet<(bool IsTest, string Id, string Reference)> linked = [];

    /// <summary>The key of the order that an event with these names belongs to; null where it names none.</summary>
    public string? Resolve(bool isTest, string? orderId, string? orderReference)
    {
        if (orderId is not null)
        {
            return OrderKeys.OfId(orderId);
        }

        return orderReference is null ? null : KeyOf(orderReference, IdsOf(transaction, isTest, orderReference));
    }

    /// <summary>
    /// After an event with both names was stored: moves the events that name the reference alone to where they now belong.
    /// </summary>
    public void Link(bool isTest, string? orderId, string? orderReference)
    {
        if (orderId is null || orderReference is null || !linked.Add((isTest, orderId, orderReference)))
        {
            return;
        }

        MoveMisplaced(isTest, orderReference);
    }

    /// <summary>Moves the events that name the reference alone to where they belong.</summary>
    public void MoveMisplaced(bool isTest, string orderReference)
    {
        var key = KeyOf(orderReference, IdsOf(transaction, isTest, orderReference));
        var misplaced = transaction.Query(
            ProjectionSql.MisplacedEvents,
            static row => (Seq: row.GetInt64(0), OrderKey: row.GetString(1)),
            isTest,
            orderReference,
            key
        );
        foreach (var (seq, oldKey) in misplaced)
        {
            transaction.Execute(ProjectionSql.MoveEvent, seq, key);
            touched.RefoldOrder(isTest, oldKey);
            touched.RefoldOrder(isTest, key);
            foreach (var iccid in transaction.Query(ProjectionSql.EsimsOfEvent, static row => row.GetString(0), seq))
            {
                touched.RefoldEsim(isTest, iccid);
            }
        }
    }

    /// <summary>The order ids that bear a reference.</summary>
    public static ReferenceIds IdsOf(Statements statements, bool isTest, string orderReference) =>
        statements.Query(
            ProjectionSql.OrderIdsOfReference,
            static row => row.IsNull(0) ? default : new ReferenceIds(row.GetString(0), row.GetString(1)),
            isTest,
            orderReference
        )[0];

    /// <summary>The key of the order that a reference alone means.</summary>
    public static string KeyOf(string orderReference, ReferenceIds ids) =>
        ids.Least is null || ids.IsSeveral ? OrderKeys.OfReference(orderReference) : OrderKeys.OfId(ids.Least);
}

/// <summary>The order ids that bear a reference.</summary>
/// <param name="Least">The first of them in order; null where there is none.</param>
/// <param name="Greatest">The last of them in order.</param>
internal readonly record struct ReferenceIds(string? Least, string? Greatest)
{
    /// <summary>Whether there is more than one.</summary>
    public bool IsSeveral => !string.Equals(Least, Greatest, StringComparison.Ordinal);
}
