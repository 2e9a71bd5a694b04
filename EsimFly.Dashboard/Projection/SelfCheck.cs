using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Proves each night, on the installation's own data, that order of arrival and duplicates make no difference: works the log entries of
/// a sample of orders and eSIMs into an empty read model in memory, shuffled, in small batches, some of them twice, with the worker's own
/// code, and compares with what stands.
/// </summary>
internal sealed partial class SelfCheck(
    ReadModelDatabase readModel,
    LogDatabase logDatabase,
    LogWriter writer,
    EntryReader reader,
    ChangeNotifier notifier,
    Leases leases,
    TimeProvider time,
    ILogger<SelfCheck> logger
) : PeriodicWorker(time, logger)
{
    private const int SampleOfEach = 200;
    private const int MostEvents = 2000;
    private const int MostNamed = 10;

    // When few people look; the same everywhere, so that the log shows it.
    private static readonly TimeSpan AtUtc = TimeSpan.FromHours(3);

    // An hour less than a day: two nights are never to the millisecond as long apart.
    private static readonly TimeSpan ANight = TimeSpan.FromHours(23);

    private const string LastEvent = """SELECT MAX("DeliverySeq") FROM "Events" """;

    private const string OrdersFrom = """
        SELECT "IsTest", "OrderKey" FROM "Events" WHERE "DeliverySeq" >= @p0 AND "OrderKey" IS NOT NULL ORDER BY "DeliverySeq" LIMIT @p1
        """;

    private const string EsimsFrom =
        """SELECT "IsTest", "Iccid" FROM "EventEsims" WHERE "DeliverySeq" >= @p0 ORDER BY "DeliverySeq" LIMIT @p1""";

    private const string EntriesOfOrder = """SELECT "DeliverySeq" FROM "Events" WHERE "IsTest" = @p0 AND "OrderKey" = @p1 LIMIT @p2""";

    private const string EntriesOfEsim = """SELECT "DeliverySeq" FROM "EventEsims" WHERE "IsTest" = @p0 AND "Iccid" = @p1 LIMIT @p2""";

    // Which order an eSIM's events belong to depends on the events that name the same references.
    private const string EntriesOfSameReferences = """
        SELECT DISTINCT O."DeliverySeq" FROM "Events" E
            JOIN "Events" O ON O."IsTest" = E."IsTest" AND O."OrderReference" = E."OrderReference" AND O."OrderId" IS NOT NULL
        WHERE E."DeliverySeq" = @p0 AND E."OrderReference" IS NOT NULL
        """;

    /// <inheritdoc/>
    protected override TimeSpan UntilNext => UntilNight(Time.GetUtcNow());

    // Where the nights are spent switched off, some minutes after the start will do.
    /// <inheritdoc/>
    protected override TimeSpan AfterStart { get; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override bool IsOn => leases.IsLeader;

    /// <summary>Checks a sample now and keeps the result.</summary>
    public async Task<SelfCheckResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        var found = await Task.Run(() => Check(new Random(), cancellationToken), cancellationToken);
        var result = new SelfCheckResult
        {
            AtMs = Time.GetUtcNow().ToUnixTimeMilliseconds(),
            Subjects = found.Subjects,
            Events = found.Entries,
            DurationMs = (long)Time.GetElapsedTime(started).TotalMilliseconds,
            Differing = [.. found.Differing.Distinct(StringComparer.Ordinal).Take(MostNamed)],
        };
        await writer.WriteAsync(transaction => SelfCheckResult.Setting.Write(transaction, result), cancellationToken);
        notifier.Publish([new Change(Topic.Alert, "", IsTest: false)]);
        if (result.Differing.Count > 0)
        {
            Log.Differs(logger, found.Differing.Count, found.Subjects);
        }

        return result;
    }

    /// <inheritdoc/>
    protected override async Task TickAsync(CancellationToken stoppingToken)
    {
        if (IsDue(await LastAtMsAsync(stoppingToken), Time.GetUtcNow()))
        {
            await RunAsync(stoppingToken);
        }
    }

    private async Task<long> LastAtMsAsync(CancellationToken cancellationToken)
    {
        using var snapshot = logDatabase.OpenSnapshot();
        return (await SelfCheckResult.Setting.ReadAsync(snapshot.Context, cancellationToken)).AtMs;
    }

    /// <summary>Whether the last one (Unix milliseconds) was made no later than the night before.</summary>
    internal static bool IsDue(long lastAtMs, DateTimeOffset now) => now.ToUnixTimeMilliseconds() - lastAtMs > ANight.TotalMilliseconds;

    /// <summary>How long until it is due again.</summary>
    internal static TimeSpan UntilNight(DateTimeOffset now)
    {
        var next = now.UtcDateTime.Date + AtUtc;
        return (next > now.UtcDateTime ? next : next.AddDays(1)) - now.UtcDateTime;
    }

    private (int Subjects, int Entries, List<string> Differing) Check(Random random, CancellationToken cancellationToken)
    {
        using var stands = readModel.OpenSnapshot();
        using var log = new LogTail(logDatabase);
        var orders = Sample(stands, random, OrdersFrom, EntriesOfOrder);
        var esims = Sample(stands, random, EsimsFrom, EntriesOfEsim);
        var entries = orders.Concat(esims).SelectMany(subject => subject.Entries).Distinct().ToList();
        entries =
        [
            .. entries
                .Concat(entries.SelectMany(seq => stands.Query(EntriesOfSameReferences, static row => row.GetInt64(0), seq)))
                .Distinct(),
        ];

        using var memory = ScratchReadModel.Open();
        var worked = WorkIn(memory, log, entries, random, cancellationToken);
        using var context = memory.OpenContext();
        var differing = new List<string>();
        foreach (var (isTest, key, _) in orders)
        {
            var before = stands.Context.Orders.AsNoTracking().FirstOrDefault(row => row.IsTest == isTest && row.OrderKey == key);
            var after = context.Orders.AsNoTracking().FirstOrDefault(row => row.IsTest == isTest && row.OrderKey == key);
            if (RowDifference.Between("order", key, isTest, before, after).Any())
            {
                differing.Add(OrderKeys.NameOf(key));
            }
        }

        foreach (var (isTest, iccid, _) in esims)
        {
            var before = stands.Context.Esims.AsNoTracking().FirstOrDefault(row => row.IsTest == isTest && row.Iccid == iccid);
            var after = context.Esims.AsNoTracking().FirstOrDefault(row => row.IsTest == isTest && row.Iccid == iccid);
            if (RowDifference.Between("esim", iccid, isTest, before, after).Any())
            {
                differing.Add(iccid);
            }
        }

        return (orders.Count + esims.Count, worked.Entries, [.. worked.Unreadable, .. differing]);
    }

    // Those that a run of events names, from a random one on: a sample that costs the same with a million rows.
    private static List<(bool IsTest, string Key, List<long> Entries)> Sample(
        Statements stands,
        Random random,
        string subjectsFrom,
        string entriesOf
    )
    {
        var from = random.NextInt64(1, Math.Max(2, stands.Scalar<long>(LastEvent) - SampleOfEach + 2));
        return
        [
            .. stands
                .Query(subjectsFrom, static row => (IsTest: row.GetBoolean(0), Key: row.GetString(1)), from, SampleOfEach)
                .Distinct()
                .Select(subject =>
                    (
                        subject.IsTest,
                        subject.Key,
                        Entries: stands.Query(entriesOf, static row => row.GetInt64(0), subject.IsTest, subject.Key, MostEvents)
                    )
                )
                .Where(subject => subject.Entries.Count < MostEvents),
        ];
    }

    private (int Entries, List<string> Unreadable) WorkIn(
        BulkReadModel memory,
        LogTail log,
        List<long> seqs,
        Random random,
        CancellationToken cancellationToken
    )
    {
        var unreadable = new List<string>();
        var arrivals = seqs.Concat(seqs.Where(_ => random.Next(2) == 0)).ToArray();
        random.Shuffle(arrivals);
        var number = 0L;
        foreach (var batch in Batches(arrivals, random))
        {
            cancellationToken.ThrowIfCancellationRequested();
            memory.Run(transaction =>
            {
                var projector = new Projector(transaction, new MeasuredNow(0, []));
                foreach (var seq in batch)
                {
                    if (log.Find(seq) is not { } record)
                    {
                        unreadable.Add(FormattableString.Invariant($"delivery {seq}: its log entry is missing"));
                        continue;
                    }

                    var prepared = reader.Read(record);
                    if (prepared.Event is null)
                    {
                        unreadable.Add(FormattableString.Invariant($"delivery {seq}: it could not be read"));
                    }

                    projector.Add(prepared with { Record = record with { Seq = ++number } });
                }

                projector.Finish();
            });
        }

        return (arrivals.Length, unreadable);
    }

    private static IEnumerable<ArraySegment<long>> Batches(long[] arrivals, Random random)
    {
        var at = 0;
        while (at < arrivals.Length)
        {
            var size = Math.Min(arrivals.Length - at, random.Next(1, 40));
            yield return new ArraySegment<long>(arrivals, at, size);
            at += size;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "The self-check found {Count} of {Subjects} orders and eSIMs that differ from what their events say. See Deliveries, Rebuild."
        )]
        public static partial void Differs(ILogger logger, int count, int subjects);
    }
}
