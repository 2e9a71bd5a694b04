using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Overview;

/// <summary>What the Overview shows. Test data is in no total.</summary>
internal sealed class OverviewQueries
{
    private const int FeedLength = 50;

    private readonly IDbContextFactory<ReadModelDbContext> contexts;
    private readonly IDbContextFactory<LogDbContext> logs;
    private readonly SigningSecrets secrets;
    private readonly ApiKeyStore keys;
    private readonly AccessGuard guard;
    private readonly TimeProvider time;
    private readonly SharedFigure<long, OverviewTotals> totals;
    private readonly SharedFigure<(bool HasOne, bool IsTest), IReadOnlyList<EventRow>> feeds;

    /// <summary>Prepares the figures that all viewers share.</summary>
    public OverviewQueries(
        AccessGuard guard,
        IDbContextFactory<ReadModelDbContext> contexts,
        IDbContextFactory<LogDbContext> logs,
        SigningSecrets secrets,
        ApiKeyStore keys,
        ChangeNotifier notifier,
        TimeProvider time
    )
    {
        (this.logs, this.secrets, this.keys) = (logs, secrets, keys);
        this.guard = guard;
        this.contexts = contexts;
        this.time = time;
        totals = new(
            [Topic.Order, Topic.Esim, Topic.TopUp, Topic.Balance],
            notifier,
            time,
            TimeSpan.FromMilliseconds(250),
            TimeSpan.FromSeconds(15),
            ReadTotalsAsync
        );
        feeds = new(
            [Topic.Order, Topic.Esim, Topic.TopUp, Topic.Balance, Topic.Delivery],
            notifier,
            time,
            TimeSpan.FromMilliseconds(50),
            TimeSpan.FromMinutes(1),
            ReadFeedAsync
        );
    }

    /// <summary>The totals.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="todayStartMs">When the viewer's day began, Unix milliseconds.</param>
    /// <param name="cancellationToken">Ends the wait for them.</param>
    public async Task<OverviewTotals> TotalsAsync(ClaimsPrincipal who, long todayStartMs, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return await totals.GetAsync(todayStartMs, cancellationToken);
    }

    /// <summary>The last 50 events of an environment, or of both where it is null, latest first.</summary>
    public async Task<IReadOnlyList<EventRow>> FeedAsync(ClaimsPrincipal who, bool? isTest, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return await feeds.GetAsync((isTest is not null, isTest == true), cancellationToken);
    }

    /// <summary>How far the set-up is.</summary>
    public async Task<SetUpState> SetUpAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (live, test) = (false, true); // as variables: this index begins with the environment
        return new(
            (await PublicAddress.Setting.ReadAsync(logs, cancellationToken)).Base is not null,
            secrets.HasReal,
            await context.Events.Where(row => row.IsTest == test).AnyAsync(cancellationToken),
            await context.MinuteTallies.Where(row => row.IsTest == live).AnyAsync(cancellationToken),
            keys.Current is not null
        );
    }

    private async Task<OverviewTotals> ReadTotalsAsync(long todayStartMs, CancellationToken cancellationToken)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (isTest, succeeded) = (false, false); // as variables: these indexes begin with the environment
        var today = new Dictionary<OrderStatus, int>();
        foreach (var status in Enum.GetValues<OrderStatus>())
        {
            // One by one, each a piece of an index: grouped, the database would walk all orders there are.
            today[status] = await context.Orders.CountAsync(
                row => row.Status == status && row.SortAtMs >= todayStartMs && !row.IsTest,
                cancellationToken
            );
        }

        var active = context.Esims.Where(row => row.IsTest == isTest && row.PlanStatus == PlanStatus.Active);
        var overdueBeforeMs = PlanExpiry.OverdueBeforeMs(nowMs);
        var soonMs = nowMs + (long)TimeSpan.FromHours(72).TotalMilliseconds;
        var failedTopUps = await context.TopUps.CountAsync(
            row => row.IsTest == isTest && row.Succeeded == succeeded && row.OccurredAtMs >= todayStartMs,
            cancellationToken
        );
        var reading = await context
            .BalanceReadings.Where(row => row.IsTest == isTest)
            .OrderByDescending(row => row.OccurredAtMs)
            .ThenByDescending(row => row.BodyHash)
            .Select(row => new BalanceNow(row.Balance, row.Threshold, row.OccurredAtMs, row.Currency, row.IsObserved))
            .FirstOrDefaultAsync(cancellationToken);
        if (reading is { IsFromApi: true, Threshold: null })
        {
            // eSIMfly's API has none: the last that an event gave counts.
            var threshold = await context
                .BalanceReadings.Where(row => row.IsTest == isTest && row.Threshold != null)
                .OrderByDescending(row => row.OccurredAtMs)
                .Select(row => row.Threshold)
                .FirstOrDefaultAsync(cancellationToken);
            reading = reading with { Threshold = threshold };
        }

        var failedOrders = await context
            .Orders.Within(isTest: false)
            .CountAsync(row => row.Status == OrderStatus.Failed && row.FailedAtMs >= todayStartMs, cancellationToken);
        return new OverviewTotals(
            today.Values.Sum(),
            today[OrderStatus.Processing],
            today[OrderStatus.Completed],
            failedOrders,
            await active.CountAsync(cancellationToken),
            await active.CountAsync(row => row.ExpiresAtMs >= overdueBeforeMs && row.ExpiresAtMs < soonMs, cancellationToken),
            failedTopUps,
            reading
        );
    }

    private async Task<IReadOnlyList<EventRow>> ReadFeedAsync((bool HasOne, bool IsTest) which, CancellationToken cancellationToken)
    {
        bool? isTest = which.HasOne ? which.IsTest : null;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // By the deliveries: of what eSIMfly's API answered thousands may come at once, and nothing happened.
        var seqs = await context
            .Deliveries.AsNoTracking()
            .Within(isTest)
            .OrderByDescending(row => row.Seq)
            .Take(FeedLength * 2) // some report nothing
            .Select(row => row.Seq)
            .ToListAsync(cancellationToken);
        return await EventRows.ReadAsync(
            context,
            context.Events.Where(row => seqs.Contains(row.DeliverySeq)).OrderByDescending(row => row.DeliverySeq).Take(FeedLength),
            isViewer: true, // one feed for all who look
            cancellationToken
        );
    }
}

/// <summary>How far the set-up is.</summary>
/// <param name="HasAddress">Whether the desk's public address is set.</param>
/// <param name="HasSecret">Whether there is a signing secret of eSIMfly's.</param>
/// <param name="HasTest">Whether a test event was shown.</param>
/// <param name="HasReal">Whether a real delivery has come.</param>
/// <param name="HasAccount">Whether keys of eSIMfly's API are set.</param>
public sealed record SetUpState(bool HasAddress, bool HasSecret, bool HasTest, bool HasReal, bool HasAccount);

/// <summary>The totals of the Overview.</summary>
/// <param name="Placed">Orders placed today.</param>
/// <param name="Processing">Of these: not ended.</param>
/// <param name="Completed">Of these: completed.</param>
/// <param name="Failed">Orders that failed today, whenever they were placed.</param>
/// <param name="ActiveEsims">Plans in use.</param>
/// <param name="ExpiringEsims">Of these: those that end within 72 hours.</param>
/// <param name="FailedTopUps">Top-ups that failed today.</param>
/// <param name="Balance">The latest reading; null where there is none.</param>
internal sealed record OverviewTotals(
    int Placed,
    int Processing,
    int Completed,
    int Failed,
    int ActiveEsims,
    int ExpiringEsims,
    int FailedTopUps,
    BalanceNow? Balance
);

/// <summary>The latest balance reading.</summary>
internal sealed record BalanceNow(decimal? Amount, decimal? Threshold, long AsOfMs, string? Currency, bool IsFromApi);
