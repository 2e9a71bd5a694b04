using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>Raises and ends the alerts: after changes, and every few seconds, since some things come about by nothing happening.</summary>
internal sealed partial class AlertWatch(
    IDbContextFactory<ReadModelDbContext> desks,
    IDbContextFactory<LogDbContext> logs,
    ReadModelState state,
    Leases leases,
    LogWriter writer,
    SigningSecrets secrets,
    ChangeNotifier notifier,
    IOptions<AccessOptions> access,
    DashboardMetrics metrics,
    TimeProvider time,
    ILogger<AlertWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    // A stream of deliveries is looked at twice a second.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim changed = new(0, 1);
    private IEnumerable<KeyValuePair<AlertKind, int>> openByKind = [];
    private readonly SemaphoreSlim looking = new(1, 1);

    /// <summary>Looks at once. Called by tests, and by itself.</summary>
    /// <returns>Whether anything has changed.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (state.Building is not null || !leases.IsLeader)
        {
            return false; // an empty desk has nothing to raise, and must end nothing; and one instance raises them for all
        }

        // One at a time: what a slower look had read would be raised again after a faster one has ended it.
        await looking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await CompareAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            looking.Release();
        }
    }

    private async Task<bool> CompareAsync(CancellationToken cancellationToken)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        AlertChanges changes;
        await using (var desk = await desks.CreateDbContextAsync(cancellationToken).ConfigureAwait(false))
        await using (var log = await logs.CreateDbContextAsync(cancellationToken).ConfigureAwait(false))
        {
            var thresholds = await Thresholds.Setting.ReadAsync(log, cancellationToken).ConfigureAwait(false);
            var present = await AlertRules
                .ReadAsync(desk, log, thresholds, secrets.HasReal, access.Value.RevealsPerHour / 2, nowMs, cancellationToken)
                .ConfigureAwait(false);
            var open = await log
                .Alerts.AsNoTracking()
                .Where(row => row.EndedAtMs == null)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            changes = AlertBook.Compare(open, present);
            openByKind = present.CountBy(static condition => condition.Kind);
        }

        if (changes.IsEmpty)
        {
            return false;
        }

        await writer.WriteAsync(transaction => AlertBook.Write(transaction, changes, nowMs), cancellationToken).ConfigureAwait(false);
        notifier.Publish([new Change(Topic.Alert, "", IsTest: false)]);
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        changed.Dispose();
        looking.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Watch(
            "esimfly.alerts.open",
            "{alert}",
            "Open alerts by kind.",
            "kind",
            () => openByKind.Select(static kind => (kind.Key.ToString(), (double)kind.Value))
        );
        using var subscription = notifier.Subscribe([Topic.Order, Topic.TopUp, Topic.Balance, Topic.Delivery, Topic.Rejected], Wake);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return; // the process could not start, and what was started goes with it
            }
            catch (Exception fault)
            {
                Log.LookFailed(logger, fault);
            }

            await WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task Wake(ChangeSet changes)
    {
        if (changed.CurrentCount == 0)
        {
            changed.Release();
        }

        return Task.CompletedTask;
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Rest, time, stoppingToken).ConfigureAwait(false);
        using var look = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await using var timer = time.CreateTimer(
                static state => ((CancellationTokenSource)state!).Cancel(),
                look,
                LookEvery,
                Timeout.InfiniteTimeSpan
            )
            .ConfigureAwait(false);
        await changed.WaitAsync(look.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The alerts could not be updated; trying again.")]
        public static partial void LookFailed(ILogger logger, Exception fault);
    }
}
