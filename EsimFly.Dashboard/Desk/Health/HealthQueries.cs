using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Health;

/// <summary>What the health page shows, and the API's statistics. Test data is in none of it.</summary>
internal sealed class HealthQueries
{
    private const int MaxGroups = 20;

    // One that has gone is shown for a while: somebody may ask where it is. Each makes itself seen once a second.
    private const long ShownFor = 10 * 60_000;
    private const long AliveFor = 6_000;

    private static readonly Topic[] Topics = [Topic.Delivery, Topic.Order, Topic.TopUp, Topic.Rejected, Topic.Alert];

    private readonly IDbContextFactory<ReadModelDbContext> contexts;
    private readonly IDbContextFactory<LogDbContext> logs;
    private readonly WaitingDeliveries waiting;
    private readonly RetryQueries retries;
    private readonly LogDatabase log;
    private readonly ReadModelDatabase desk;
    private readonly LogEntries entries;
    private readonly Leases leases;
    private readonly StoragePaths paths;
    private readonly AccessGuard guard;
    private readonly TimeProvider time;
    private readonly SharedFigure<long, DeliveryStats> stats;
    private readonly SharedFigure<long, HealthFacts> facts;
    private readonly SharedFigure<long, ReachFacts> reach;

    /// <summary>Prepares the figures that all viewers share.</summary>
    public HealthQueries(
        AccessGuard guard,
        IDbContextFactory<ReadModelDbContext> contexts,
        IDbContextFactory<LogDbContext> logs,
        WaitingDeliveries waiting,
        RetryQueries retries,
        LogDatabase log,
        ReadModelDatabase desk,
        LogEntries entries,
        Leases leases,
        StoragePaths paths,
        ChangeNotifier notifier,
        TimeProvider time
    )
    {
        this.guard = guard;
        (this.entries, this.leases) = (entries, leases);
        (this.contexts, this.logs, this.waiting, this.retries, this.log, this.desk, this.paths, this.time) = (
            contexts,
            logs,
            waiting,
            retries,
            log,
            desk,
            paths,
            time
        );
        var (interval, freshFor) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        stats = new(Topics, notifier, time, interval, freshFor, ReadStatsAsync);
        facts = new(Topics, notifier, time, interval, freshFor, ReadFactsAsync);
        reach = new(Topics, notifier, time, interval, freshFor, (_, cancellationToken) => ReadReachAsync(cancellationToken));
    }

    /// <summary>How live deliveries have fared since a full minute (Unix milliseconds; what lies beyond it is left off).</summary>
    public async Task<DeliveryStats> StatsAsync(ClaimsPrincipal who, long sinceMs, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return await stats.GetAsync(Minute(sinceMs), cancellationToken);
    }

    /// <summary>What failed since a full minute, and when something last came.</summary>
    public async Task<HealthFacts> FactsAsync(ClaimsPrincipal who, long sinceMs, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return await facts.GetAsync(Minute(sinceMs), cancellationToken);
    }

    /// <summary>
    /// Whether eSIMfly reaches the desk: what it has failed to deliver, when the desk was down, and how the last self-check went.
    /// </summary>
    public async Task<ReachFacts> ReachAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return await reach.GetAsync(Minute(time.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken);
    }

    private static long Minute(long ms) => ms / 60_000 * 60_000;

    private async Task<DeliveryStats> ReadStatsAsync(long sinceMs, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var refused = await logs.CreateDbContextAsync(cancellationToken);
        var isTest = false; // as a variable: this index begins with it
        var groups = await context
            .MinuteTallies.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.MinuteMs >= sinceMs)
            .GroupBy(row => new { row.State, row.TookMs })
            .Select(group => new
            {
                group.Key.State,
                group.Key.TookMs,
                Count = group.Sum(row => row.Count),
                Repeats = group.Sum(row => row.Repeats),
            })
            .ToListAsync(cancellationToken);
        var rejected = await refused
            .Rejected.Where(row => row.ReceivedAtMs >= sinceMs && !row.IsTest)
            .SumAsync(row => 1L + row.Suppressed, cancellationToken);
        var retried = context
            .Deliveries.Within(isTest: false)
            .Where(row => row.State != DeliveryState.Processed && row.State == DeliveryState.Failed);
        var (backlog, oldest) = await waiting.BacklogAsync(cancellationToken);
        var oldestRetried = await retried.MinAsync(row => (long?)row.ReceivedAtMs, cancellationToken);
        return new DeliveryStats(
            groups.Sum(group => group.Count) + backlog,
            CountOf(DeliveryState.Processed),
            CountOf(DeliveryState.Failed),
            CountOf(DeliveryState.Quarantined),
            CountOf(DeliveryState.Dead),
            groups.Sum(group => group.Repeats),
            rejected,
            new ProcessTimes(groups.Where(group => group.TookMs >= 0).Select(group => ((long)group.TookMs, group.Count))),
            backlog + await retried.LongCountAsync(cancellationToken),
            Earlier(oldest, oldestRetried)
        );

        long CountOf(DeliveryState state) => groups.Where(group => group.State == state).Sum(group => group.Count);

        static long? Earlier(long? one, long? other) => one < other || other is null ? one : other;
    }

    private async Task<HealthFacts> ReadFactsAsync(long sinceMs, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (isTest, succeeded) = (false, false);
        var failed = context
            .Orders.AsNoTracking()
            .Within(isTest: false)
            .Where(row => row.Status == OrderStatus.Failed && row.FailedAtMs >= sinceMs);
        var byError = await failed
            .GroupBy(row => row.ErrorCode)
            .Select(group => new { group.Key, Count = group.Count() })
            .OrderByDescending(group => group.Count)
            .Take(MaxGroups)
            .ToListAsync(cancellationToken);
        var byPackage = await failed
            .GroupBy(row => row.PackageName ?? row.PackageCode)
            .Select(group => new { group.Key, Count = group.Count() })
            .OrderByDescending(group => group.Count)
            .Take(MaxGroups)
            .ToListAsync(cancellationToken);
        var topUps = await context
            .TopUps.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.Succeeded == succeeded && row.OccurredAtMs >= sinceMs)
            .GroupBy(row => row.ErrorCode)
            .Select(group => new { group.Key, Count = group.Count() })
            .OrderByDescending(group => group.Count)
            .Take(MaxGroups)
            .ToListAsync(cancellationToken);
        await using var refused = await logs.CreateDbContextAsync(cancellationToken);
        var rejections = (
            await refused
                .Rejected.AsNoTracking()
                .Where(row => row.ReceivedAtMs >= sinceMs && !row.IsTest)
                .Select(row => new { row.Reason, row.Suppressed })
                .ToListAsync(cancellationToken)
        )
            .GroupBy(row => row.Reason, StringComparer.Ordinal)
            .Select(group => new Tally(group.Key, group.Sum(row => 1 + row.Suppressed)))
            .OrderByDescending(tally => tally.Count);
        var last = await context
            .Deliveries.AsNoTracking()
            .Where(row => !row.IsTest)
            .OrderByDescending(row => row.Seq)
            .Select(row => new LastDelivery(row.Seq, row.EventName, row.ReceivedAtMs))
            .FirstOrDefaultAsync(cancellationToken);
        var orders = await context.Orders.AsNoTracking().CountAsync(row => !row.IsTest && row.SortAtMs >= sinceMs, cancellationToken);
        return new HealthFacts(
            [.. byError.Select(group => new Tally(group.Key, group.Count))],
            [.. byPackage.Select(group => new Tally(group.Key, group.Count))],
            [.. topUps.Select(group => new Tally(group.Key, group.Count))],
            [.. rejections],
            last,
            orders,
            await failed.CountAsync(cancellationToken)
        )
        {
            SilenceHours = (await Thresholds.Setting.ReadAsync(refused, cancellationToken)).SilenceHours,
            LastArrivalAtMs = await context
                .Arrivals.AsNoTracking()
                .Where(arrival => context.Deliveries.Any(row => row.Seq == arrival.DeliverySeq && !row.IsTest))
                .OrderByDescending(arrival => arrival.Id)
                .Select(arrival => (long?)arrival.ReceivedAtMs)
                .FirstOrDefaultAsync(cancellationToken),
        };
    }

    private async Task<ReachFacts> ReadReachAsync(CancellationToken cancellationToken)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var isTest = false;
        var lastTaken = await context
            .Arrivals.AsNoTracking()
            .Where(arrival =>
                arrival.Status == StatusCodes.Status200OK
                && context.Deliveries.Any(row => row.Seq == arrival.DeliverySeq && row.IsTest == isTest)
            )
            .OrderByDescending(arrival => arrival.Id)
            .Select(arrival => (long?)arrival.ReceivedAtMs)
            .FirstOrDefaultAsync(cancellationToken);
        var rows = await retries.ReadForAllAsync(nowMs, cancellationToken);
        var lifeline = await Lifeline.Setting.ReadAsync(logs, cancellationToken);
        return new ReachFacts(
            lastTaken,
            Outage.Of(rows, lastTaken),
            [.. rows.Where(row => row is { IsTest: false, IsAtRisk: true })],
            lifeline.Downtimes,
            await SelfCheckResult.Setting.ReadAsync(logs, cancellationToken),
            await LogRestore.Setting.ReadAsync(logs, cancellationToken)
        );
    }

    /// <summary>What the data weighs and what room there is, in bytes.</summary>
    public async Task<DiskFacts> DiskAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return log.IsShared
            ? new DiskFacts(log.Bytes, desk.Bytes, FreeBytes: null, log.Place)
            : new DiskFacts(log.Bytes, desk.Bytes, new DriveInfo(paths.Root).AvailableFreeSpace, paths.Root);
    }

    /// <summary>The instances that use the same database, or have done lately; none where there is but one.</summary>
    public async Task<IReadOnlyList<InstanceRow>> InstancesAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        if (!log.IsShared)
        {
            return [];
        }

        var head = await entries.HeadAsync(cancellationToken);
        var since = time.GetUtcNow().ToUnixTimeMilliseconds() - ShownFor;
        await using var context = await logs.CreateDbContextAsync(cancellationToken);
        var rows = await context
            .Instances.AsNoTracking()
            .Where(row => row.SeenAtMs > since)
            .OrderBy(row => row.Name)
            .ThenBy(row => row.Id)
            .ToListAsync(cancellationToken);
        // By the database's clock, which all of them go by: the one that answers was alive a moment ago.
        var latest = rows.Select(row => row.SeenAtMs).DefaultIfEmpty().Max();
        return
        [
            .. rows.Select(row => new InstanceRow(
                row.Id,
                row.Name,
                row.Version,
                row.IsProjector,
                row.IsLeader,
                Math.Max(0, head - row.Position),
                row.StartedAtMs,
                row.SeenAtMs,
                latest - row.SeenAtMs < AliveFor
            )
            {
                IsThis = string.Equals(row.Id, leases.Instance, StringComparison.Ordinal),
            }),
        ];
    }
}

/// <summary>How often something occurred.</summary>
public sealed record Tally(string? Name, int Count);

/// <summary>The delivery that came last.</summary>
internal sealed record LastDelivery(long Seq, string? EventName, long ReceivedAtMs);

/// <summary>What failed lately, each group the most frequent first.</summary>
internal sealed record HealthFacts(
    IReadOnlyList<Tally> OrderErrors,
    IReadOnlyList<Tally> OrderPackages,
    IReadOnlyList<Tally> TopUpErrors,
    IReadOnlyList<Tally> Rejections,
    LastDelivery? Last,
    int Orders,
    int FailedOrders
)
{
    /// <summary>After so many hours without a delivery the silence is worth a look; 0 for never.</summary>
    public int SilenceHours { get; init; }

    /// <summary>When a real delivery last came, first or again, Unix milliseconds.</summary>
    public long? LastArrivalAtMs { get; init; }
}

/// <summary>Whether eSIMfly reaches the desk.</summary>
/// <param name="LastTakenAtMs">When a real delivery was last taken, Unix milliseconds; null where none ever was.</param>
/// <param name="Outage">The outage that lasts; null where there is none.</param>
/// <param name="AtRisk">Real deliveries that failed lately and are not here yet.</param>
/// <param name="Downtimes">When the desk did not run, latest first.</param>
/// <param name="SelfCheck">How the last self-check went.</param>
/// <param name="Restore">The last time that the log was found to be an older one than the desk had.</param>
public sealed record ReachFacts(
    long? LastTakenAtMs,
    Outage? Outage,
    IReadOnlyList<RetryRow> AtRisk,
    IReadOnlyList<Downtime> Downtimes,
    SelfCheckResult SelfCheck,
    LogRestore Restore
);

/// <summary>What the data weighs and what room there is, in bytes.</summary>
/// <param name="LogBytes">The event log.</param>
/// <param name="ReadModelBytes">The read model.</param>
/// <param name="FreeBytes">What is free on the disk; null where that is a server's.</param>
/// <param name="Place">The folder or the database of both.</param>
public sealed record DiskFacts(long LogBytes, long ReadModelBytes, long? FreeBytes, string Place);

/// <summary>An instance of the desk.</summary>
/// <param name="Id">The random name of this run of it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Version">The program's version.</param>
/// <param name="IsProjector">Whether it projects the log into the read model.</param>
/// <param name="IsLeader">Whether it raises alerts, synchronises and ends what was kept for long enough.</param>
/// <param name="Behind">How many log entries it does not know to be in the desk.</param>
/// <param name="StartedAtMs">When it started, Unix milliseconds.</param>
/// <param name="SeenAtMs">When it was last seen alive, Unix milliseconds.</param>
/// <param name="IsAlive">Whether that was a moment ago.</param>
public sealed record InstanceRow(
    string Id,
    string Name,
    string Version,
    bool IsProjector,
    bool IsLeader,
    long Behind,
    long StartedAtMs,
    long SeenAtMs,
    bool IsAlive
)
{
    /// <summary>Whether it is the one that answers.</summary>
    public bool IsThis { get; init; }
}
