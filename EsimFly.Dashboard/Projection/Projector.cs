using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Inbox;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>Writes, within one transaction, all that a batch of deliveries says and changes.</summary>
internal static class Projector
{
    /// <summary>Stores the events, folds what they touch and marks the deliveries.</summary>
    /// <param name="transaction">The transaction of the batch.</param>
    /// <param name="batch">The deliveries.</param>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    /// <returns>What has changed, to be published after the commit.</returns>
    public static IReadOnlyCollection<Change> Project(WriteTransaction transaction, IReadOnlyList<PreparedDelivery> batch, long nowMs)
    {
        var changes = new HashSet<Change>();
        var touched = new SubjectFolder();
        var resolver = new OrderKeyResolver(transaction, touched);
        foreach (var prepared in batch)
        {
            var delivery = prepared.Delivery;
            changes.Add(new Change(Topic.Delivery, delivery.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture), delivery.IsTest));
            if (prepared.Event is { } normalised)
            {
                Store(transaction, prepared, normalised, resolver, touched, changes);
                DeliveryQueue.MarkProcessed(transaction, delivery.Seq, nowMs, normalised.Flags);
            }
            else
            {
                DeliveryQueue.MarkQuarantined(transaction, delivery.Seq, nowMs, default, prepared.Reason!);
            }
        }

        touched.Write(transaction);
        changes.UnionWith(ChangesOf(touched));
        return changes;
    }

    /// <summary>The changes that folding <paramref name="touched"/> means.</summary>
    public static IEnumerable<Change> ChangesOf(SubjectFolder touched) =>
        touched.Orders.Select(order => new Change(Topic.Order, OrderKeys.NameOf(order.OrderKey), order.IsTest))
            .Concat(touched.Esims.Select(esim => new Change(Topic.Esim, esim.Iccid, esim.IsTest)));

    private static void Store(
        WriteTransaction transaction, PreparedDelivery prepared, NormalisedEvent said, OrderKeyResolver resolver, SubjectFolder touched, HashSet<Change> changes)
    {
        var delivery = prepared.Delivery;
        var isTest = delivery.IsTest;
        var orderKey = resolver.Resolve(isTest, said.OrderId, said.OrderReference);
        var isNew = transaction.Execute(
            ProjectionSql.InsertEvent,
            delivery.Seq, isTest, delivery.BodyHash, (int)said.Type, said.OccurredAtMs, delivery.ReceivedAtMs, said.OrderId, said.OrderReference,
            orderKey, said.Facts.ToJson()) == 1;
        if (!isNew)
        {
            return; // folded before: a delivery that was requeued says nothing new
        }

        var key = FoldKey.Of(said.OccurredAtMs, said.Type, delivery.BodyHash);
        var iccids = said.Esims.Select(esim => esim.Iccid).ToList();
        for (var i = 0; i < said.Esims.Count; i++)
        {
            var codes = prepared.SealedCodes[i];
            transaction.Execute(ProjectionSql.InsertEventEsim, delivery.Seq, isTest, iccids[i], codes);
            touched.AddToEsim(
                isTest, iccids[i], new FoldEvent(key, said.Type, said.OrderId, said.OrderReference, orderKey, [iccids[i]], codes is not null, said.Facts), codes);
        }

        if (orderKey is not null)
        {
            touched.AddToOrder(isTest, orderKey, new FoldEvent(key, said.Type, said.OrderId, said.OrderReference, orderKey, iccids, HasCodes: false, said.Facts));
            resolver.Link(isTest, said.OrderId, said.OrderReference);
        }

        var direct = new DirectRows(delivery.Seq, isTest, delivery.BodyHash, said.Type, said.OccurredAtMs, iccids.FirstOrDefault() ?? "", said.Facts);
        direct.Insert(transaction);
        if (said.Type is EventType.TopUpCompleted or EventType.TopUpFailed)
        {
            changes.Add(new Change(Topic.TopUp, iccids[0], isTest));
        }
        else if (said.Type == EventType.BalanceLow)
        {
            changes.Add(new Change(Topic.Balance, "", isTest));
        }
    }
}
