using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Proves each night, on the installation's own data, that order of arrival and duplicates make no difference: folds a sample
/// of orders and eSIMs as if their events had come shuffled, some of them twice, and compares with what stands.
/// </summary>
internal sealed partial class SelfCheck(SqliteStore store, StorageWriter writer, TimeProvider time, ILogger<SelfCheck> logger) : BackgroundService
{
    private const int SampleOfEach = 200;
    private const int MostEvents = 2000;
    private const int MostNamed = 10;

    // When few people look; the same everywhere, so that it can be told from the log.
    private static readonly TimeSpan AtUtc = TimeSpan.FromHours(3);

    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(5);

    // An hour less than a day: two nights are never to the millisecond as long apart.
    private static readonly TimeSpan ANight = TimeSpan.FromHours(23);

    private const string LastEvent = """SELECT MAX("DeliverySeq") FROM "Events" """;

    private const string OrdersFrom = """
        SELECT "IsTest", "OrderKey" FROM "Events" WHERE "DeliverySeq" >= @p0 AND "OrderKey" IS NOT NULL ORDER BY "DeliverySeq" LIMIT @p1
        """;

    private const string EsimsFrom = """SELECT "IsTest", "Iccid" FROM "EventEsims" WHERE "DeliverySeq" >= @p0 ORDER BY "DeliverySeq" LIMIT @p1""";

    /// <summary>Checks a sample now and keeps the result.</summary>
    public async Task<SelfCheckResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (subjects, events, differing) = await Task.Run(() => Check(new Random(), cancellationToken), cancellationToken).ConfigureAwait(false);
        var result = new SelfCheckResult
        {
            AtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Subjects = subjects,
            Events = events,
            DurationMs = (long)time.GetElapsedTime(started).TotalMilliseconds,
            Differing = differing,
        };
        await writer.WriteAsync(transaction => SelfCheckResult.Setting.Write(transaction, result), cancellationToken).ConfigureAwait(false);
        if (differing.Count > 0)
        {
            Log.Differs(logger, differing.Count, subjects);
        }

        return result;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Where the nights are spent switched off, some minutes after the start will do.
        var wait = AfterStart;
        while (true)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(false);
            try
            {
                if (IsDue(await LastAtMsAsync(stoppingToken).ConfigureAwait(false), time.GetUtcNow()))
                {
                    await RunAsync(stoppingToken).ConfigureAwait(false);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // The edge of a worker: a check that cannot be made is no reason to end the process.
                Log.Failed(logger, fault);
            }

            wait = UntilNext(time.GetUtcNow());
        }
    }

    private async Task<long> LastAtMsAsync(CancellationToken cancellationToken)
    {
        using var snapshot = store.OpenSnapshot();
        return (await SelfCheckResult.Setting.ReadAsync(snapshot.Context, cancellationToken).ConfigureAwait(false)).AtMs;
    }

    /// <summary>Whether the last one (Unix milliseconds) was made no later than the night before.</summary>
    internal static bool IsDue(long lastAtMs, DateTimeOffset now) => now.ToUnixTimeMilliseconds() - lastAtMs > ANight.TotalMilliseconds;

    /// <summary>How long until it is due again.</summary>
    internal static TimeSpan UntilNext(DateTimeOffset now)
    {
        var next = now.UtcDateTime.Date + AtUtc;
        return (next > now.UtcDateTime ? next : next.AddDays(1)) - now.UtcDateTime;
    }

    private (int Subjects, int Events, List<string> Differing) Check(Random random, CancellationToken cancellationToken)
    {
        using var snapshot = store.OpenSnapshot();
        var (subjects, applied, differing) = (0, 0, new List<string>());
        foreach (var (isTest, key) in Sample(snapshot, random, OrdersFrom))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var events = snapshot.Query(ProjectionSql.EventsOfOrder, SubjectFolder.ReadOrderEvent, isTest, key);
            if (events.Count > MostEvents)
            {
                continue;
            }

            var (state, count) = Arrive(events, random, new OrderState(), static state => state.Last, OrderFold.Apply);
            var stood = snapshot.Context.Orders.AsNoTracking().First(row => row.IsTest == isTest && row.OrderKey == key);
            (subjects, applied) = (subjects + 1, applied + count);
            if (RowDifference.Between("order", key, isTest, stood, OrderFold.ToRow(state, isTest, key, SubjectFolder.IsAmbiguous(isTest, key, snapshot))).Any())
            {
                differing.Add(OrderKeys.NameOf(key));
            }
        }

        foreach (var (isTest, iccid) in Sample(snapshot, random, EsimsFrom))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var events = snapshot.Query(ProjectionSql.EventsOfEsim, row => SubjectFolder.ReadEsimEvent(row, iccid), isTest, iccid);
            if (events.Count > MostEvents)
            {
                continue;
            }

            var (state, count) = Arrive([.. events.Select(item => item.Event)], random, new EsimState(), static state => state.Last, (before, item) => EsimFold.Apply(iccid, before, item));
            var folded = SubjectFolder.ToRow(state, isTest, iccid, events);
            var stood = snapshot.Context.Esims.AsNoTracking().First(row => row.IsTest == isTest && row.Iccid == iccid);
            (subjects, applied) = (subjects + 1, applied + count);
            if (RowDifference.Between("esim", iccid, isTest, stood, folded).Any())
            {
                differing.Add(iccid);
            }
        }

        return (subjects, applied, [.. differing.Take(MostNamed)]);
    }

    // Those that a run of events speaks of, from a random one on: a sample that costs the same with a million rows.
    private static List<(bool IsTest, string Key)> Sample(ReadSnapshot snapshot, Random random, string subjectsFrom)
    {
        var from = random.NextInt64(1, Math.Max(2, snapshot.Scalar<long>(LastEvent) - SampleOfEach + 2));
        return [.. snapshot.Query(subjectsFrom, static row => (row.GetBoolean(0), row.GetString(1)), from, SampleOfEach).Distinct()];
    }

    /// <summary>Lets events arrive in a random order, about half of them twice, as the worker would take them: it goes on, or begins anew.</summary>
    internal static (TState State, int Count) Arrive<TState>(IReadOnlyList<FoldEvent> events, Random random, TState empty, Func<TState, FoldKey?> lastOf, Func<TState, FoldEvent, TState> apply)
    {
        var arrivals = events.Concat(events.Where(_ => random.Next(2) == 0)).ToArray();
        random.Shuffle(arrivals);
        var state = empty;
        var seen = new SortedDictionary<FoldKey, FoldEvent>();
        foreach (var arrival in arrivals)
        {
            if (!seen.TryAdd(arrival.Key, arrival))
            {
                continue; // known by the hash of its body
            }

            state = lastOf(state) is { } last && arrival.Key.CompareTo(last) < 0 ? seen.Values.Aggregate(empty, apply) : apply(state, arrival);
        }

        return (state, arrivals.Length);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The self-check found {Count} of {Subjects} orders and eSIMs otherwise than their events come to. See Deliveries, Rebuild.")]
        public static partial void Differs(ILogger logger, int count, int subjects);

        [LoggerMessage(2, LogLevel.Error, "The self-check failed; it is tried again the next night.")]
        public static partial void Failed(ILogger logger, Exception fault);
    }
}
