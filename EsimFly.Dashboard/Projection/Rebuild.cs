using System.Data.Common;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Folds every event again, beside what stands, and compares row by row; on request it writes what differs. It reads one
/// snapshot, so deliveries go on meanwhile, and it repairs with the worker's own code, a few subjects at a time.
/// </summary>
internal sealed class Rebuild(SqliteStore store, StorageWriter writer, ChangeNotifier notifier)
{
    private const int MaxReported = 1000;
    private const int RepairAtOnce = 200;
    private const int ProgressEvery = 500;

    private const string AllOrderEvents = $"""
        SELECT {ProjectionSql.OrderEventColumns}, E."IsTest"
        FROM "Events" E
        WHERE E."OrderKey" IS NOT NULL
        ORDER BY E."IsTest", E."OrderKey"
        """;

    private const string AllEsimEvents = $"""
        SELECT {ProjectionSql.EsimEventColumns}, X."IsTest", X."Iccid"
        FROM "EventEsims" X JOIN "Events" E ON E."DeliverySeq" = X."DeliverySeq"
        ORDER BY X."IsTest", X."Iccid"
        """;

    private const string AllReferences = """
        SELECT DISTINCT "IsTest", "OrderReference", "OrderKey" FROM "Events" WHERE "OrderId" IS NULL AND "OrderReference" IS NOT NULL
        """;

    private const string AllTopUpsAndReadings = """
        SELECT E."DeliverySeq", E."IsTest", E."BodyHash", E."Type", E."OccurredAtMs", E."Facts",
            (SELECT MIN(X."Iccid") FROM "EventEsims" X WHERE X."DeliverySeq" = E."DeliverySeq")
        FROM "Events" E
        WHERE E."Type" IN (6, 7, 8)
        """;

    private const string DirectRowsWithoutEvents = """
        SELECT 'top-up', T."DeliverySeq", T."IsTest" FROM "TopUps" T
        WHERE NOT EXISTS (SELECT 1 FROM "Events" E WHERE E."DeliverySeq" = T."DeliverySeq" AND E."Type" IN (7, 8))
        UNION ALL
        SELECT 'balance', B."DeliverySeq", B."IsTest" FROM "BalanceReadings" B
        WHERE NOT EXISTS (SELECT 1 FROM "Events" E WHERE E."DeliverySeq" = B."DeliverySeq" AND E."Type" = 6)
        """;

    private const string OrdersWithoutEvents = """
        SELECT O."IsTest", O."OrderKey" FROM "Orders" O
        WHERE NOT EXISTS (SELECT 1 FROM "Events" E WHERE E."IsTest" = O."IsTest" AND E."OrderKey" = O."OrderKey")
        """;

    private const string EsimsWithoutEvents = """
        SELECT S."IsTest", S."Iccid" FROM "Esims" S
        WHERE NOT EXISTS (SELECT 1 FROM "EventEsims" X WHERE X."IsTest" = S."IsTest" AND X."Iccid" = S."Iccid")
        """;

    /// <summary>Folds everything again and compares.</summary>
    /// <param name="apply">Whether to write what differs.</param>
    /// <param name="progress">Hears how many subjects have been folded.</param>
    /// <param name="cancellationToken">Ends it between two subjects.</param>
    /// <returns>What was folded and what differed.</returns>
    public async Task<RebuildReport> RunAsync(bool apply, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var run = new Run(progress, cancellationToken);
        await Task.Run(
            () =>
            {
                using var snapshot = store.OpenSnapshot();
                CompareReferences(snapshot, run);
                CompareOrders(snapshot, run);
                CompareEsims(snapshot, run);
                CompareTopUpsAndReadings(snapshot, run);
            },
            cancellationToken).ConfigureAwait(false);

        if (apply)
        {
            await RepairAsync(run, cancellationToken).ConfigureAwait(false);
        }

        return new RebuildReport(run.Folded, run.DifferenceCount, run.Differences, apply);
    }

    private static void CompareReferences(ReadSnapshot snapshot, Run run)
    {
        foreach (var (isTest, reference, stood) in snapshot.Stream(AllReferences, static row => (row.GetBoolean(0), row.GetString(1), row.GetString(2))))
        {
            var key = OrderKeyResolver.KeyOf(reference, OrderKeyResolver.IdsOf(snapshot, isTest, reference));
            if (!string.Equals(stood, key, StringComparison.Ordinal))
            {
                run.Add(new RowDifference("event", reference, isTest, nameof(EventEntity.OrderKey), stood, key));
                run.Misplaced.Add((isTest, reference, key));
            }
        }
    }

    private static void CompareOrders(ReadSnapshot snapshot, Run run)
    {
        var events = snapshot.Stream(AllOrderEvents, static row => (IsTest: row.GetBoolean(ProjectionSql.FirstOwnColumn), Key: row.GetString(5), Event: SubjectFolder.ReadOrderEvent(row)));
        foreach (var group in Runs(events, static item => (item.IsTest, item.Key)))
        {
            var (isTest, key) = group.Key;
            var folded = SubjectFolder.FoldOrder(isTest, key, group.Items.Select(static item => item.Event), SubjectFolder.IsAmbiguous(isTest, key, snapshot));
            var stood = snapshot.Context.Orders.AsNoTracking().FirstOrDefault(row => row.IsTest == isTest && row.OrderKey == key);
            if (run.Compare("order", key, isTest, stood, folded))
            {
                run.Orders.Add((isTest, key));
            }
        }

        foreach (var (isTest, key) in snapshot.Stream(OrdersWithoutEvents, static row => (row.GetBoolean(0), row.GetString(1))))
        {
            run.Add(new RowDifference("order", key, isTest, "", "present", "absent"));
            run.Orders.Add((isTest, key));
        }
    }

    private static void CompareEsims(ReadSnapshot snapshot, Run run)
    {
        var events = snapshot.Stream(AllEsimEvents, static row =>
        {
            var iccid = row.GetString(ProjectionSql.FirstOwnColumn + 1);
            return (IsTest: row.GetBoolean(ProjectionSql.FirstOwnColumn), Iccid: iccid, Said: SubjectFolder.ReadEsimEvent(row, iccid));
        });
        foreach (var group in Runs(events, static item => (item.IsTest, item.Iccid)))
        {
            var (isTest, iccid) = group.Key;
            var folded = SubjectFolder.FoldEsim(isTest, iccid, group.Items.ConvertAll(static item => item.Said));
            var stood = snapshot.Context.Esims.AsNoTracking().FirstOrDefault(row => row.IsTest == isTest && row.Iccid == iccid);
            if (run.Compare("esim", iccid, isTest, stood, folded))
            {
                run.Esims.Add((isTest, iccid));
            }
        }

        foreach (var (isTest, iccid) in snapshot.Stream(EsimsWithoutEvents, static row => (row.GetBoolean(0), row.GetString(1))))
        {
            run.Add(new RowDifference("esim", iccid, isTest, "", "present", "absent"));
            run.Esims.Add((isTest, iccid));
        }
    }

    private static void CompareTopUpsAndReadings(ReadSnapshot snapshot, Run run)
    {
        foreach (var said in snapshot.Stream(AllTopUpsAndReadings, ReadDirect))
        {
            var seq = said.DeliverySeq;
            var name = seq.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var differs = said.ToTopUp() is { } topUp
                ? run.Compare("top-up", name, said.IsTest, snapshot.Context.TopUps.AsNoTracking().FirstOrDefault(row => row.DeliverySeq == seq), topUp)
                : run.Compare("balance", name, said.IsTest, snapshot.Context.BalanceReadings.AsNoTracking().FirstOrDefault(row => row.DeliverySeq == seq), said.ToReading());
            if (differs)
            {
                run.Direct.Add(said);
            }
        }

        foreach (var (entity, seq, isTest) in snapshot.Stream(DirectRowsWithoutEvents, static row => (row.GetString(0), row.GetInt64(1), row.GetBoolean(2))))
        {
            run.Add(new RowDifference(entity, seq.ToString(System.Globalization.CultureInfo.InvariantCulture), isTest, "", "present", "absent"));
            run.LeftOver.Add(seq);
        }
    }

    private async Task RepairAsync(Run run, CancellationToken cancellationToken)
    {
        foreach (var references in run.Misplaced.Chunk(RepairAtOnce))
        {
            await WriteAsync(
                (transaction, touched) =>
                {
                    foreach (var (isTest, reference, _) in references)
                    {
                        new OrderKeyResolver(transaction, touched).MoveMisplaced(isTest, reference);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }

        foreach (var orders in run.Orders.Chunk(RepairAtOnce))
        {
            await WriteAsync((_, touched) => Array.ForEach(orders, order => touched.RefoldOrder(order.IsTest, order.OrderKey)), cancellationToken).ConfigureAwait(false);
        }

        foreach (var esims in run.Esims.Chunk(RepairAtOnce))
        {
            await WriteAsync((_, touched) => Array.ForEach(esims, esim => touched.RefoldEsim(esim.IsTest, esim.Iccid)), cancellationToken).ConfigureAwait(false);
        }

        foreach (var leftOver in run.LeftOver.Chunk(RepairAtOnce))
        {
            await WriteAsync((transaction, _) => Array.ForEach(leftOver, seq => DirectRows.Delete(transaction, seq)), cancellationToken).ConfigureAwait(false);
        }

        foreach (var direct in run.Direct.Chunk(RepairAtOnce))
        {
            await WriteAsync((transaction, _) => Array.ForEach(direct, said => DirectRows.Replace(transaction, said)), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(Action<WriteTransaction, SubjectFolder> work, CancellationToken cancellationToken)
    {
        var changes = await writer.WriteAsync(
            transaction =>
            {
                var touched = new SubjectFolder();
                work(transaction, touched);
                touched.Write(transaction);
                return Projector.ChangesOf(touched).ToList();
            },
            cancellationToken).ConfigureAwait(false);
        notifier.Publish(changes);
    }

    private static DirectRows ReadDirect(DbDataReader row) => new(
        row.GetInt64(0), row.GetBoolean(1), row.GetFieldValue<byte[]>(2), (EventType)row.GetInt32(3), row.IsDBNull(4) ? null : row.GetInt64(4),
        row.IsDBNull(6) ? "" : row.GetString(6), EventFacts.FromJson(row.GetString(5)));

    // The items come sorted by key: each group is at hand whole, and no more than one.
    private static IEnumerable<(TKey Key, List<TItem> Items)> Runs<TItem, TKey>(IEnumerable<TItem> items, Func<TItem, TKey> keyOf)
        where TKey : IEquatable<TKey>
    {
        var group = new List<TItem>();
        foreach (var item in items)
        {
            if (group.Count > 0 && !keyOf(group[0]).Equals(keyOf(item)))
            {
                yield return (keyOf(group[0]), group);
                group = [];
            }

            group.Add(item);
        }

        if (group.Count > 0)
        {
            yield return (keyOf(group[0]), group);
        }
    }

    /// <summary>What one run has found so far.</summary>
    private sealed class Run(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        public List<RowDifference> Differences { get; } = [];

        public HashSet<(bool IsTest, string Reference, string OrderKey)> Misplaced { get; } = [];

        public HashSet<(bool IsTest, string OrderKey)> Orders { get; } = [];

        public HashSet<(bool IsTest, string Iccid)> Esims { get; } = [];

        public List<DirectRows> Direct { get; } = [];

        /// <summary>Deliveries whose top-up or reading has no event.</summary>
        public List<long> LeftOver { get; } = [];

        public int DifferenceCount { get; private set; }

        public int Folded { get; private set; }

        public void Add(RowDifference difference)
        {
            DifferenceCount++;
            if (Differences.Count < MaxReported)
            {
                Differences.Add(difference);
            }
        }

        public bool Compare<TRow>(string entity, string key, bool isTest, TRow? stood, TRow? folded)
            where TRow : class
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++Folded % ProgressEvery == 0)
            {
                progress?.Report(Folded);
            }

            var before = DifferenceCount;
            foreach (var difference in RowDifference.Between(entity, key, isTest, stood, folded))
            {
                Add(difference);
            }

            return DifferenceCount > before;
        }
    }
}
