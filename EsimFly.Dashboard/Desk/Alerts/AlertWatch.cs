using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>Raises and ends the alerts: after changes, and every few seconds, since some things come about by nothing happening.</summary>
internal sealed class AlertWatch(
    IDbContextFactory<ReadModelDbContext> desks,
    IDbContextFactory<LogDbContext> logs,
    LogDatabase logDatabase,
    StorageSpace space,
    ReadModelState state,
    Leases leases,
    LogWriter writer,
    SigningSecrets secrets,
    ChangeNotifier notifier,
    IOptions<AccessOptions> access,
    DashboardMetrics metrics,
    TimeProvider time,
    ILogger<AlertWatch> logger
) : PeriodicWorker(time, logger)
{
    private IEnumerable<KeyValuePair<AlertKind, int>> openByKind = [];
    private readonly SemaphoreSlim looking = new(1, 1);
    private IDisposable? subscription;

    /// <inheritdoc/>
    protected override TimeSpan UntilNext { get; } = TimeSpan.FromSeconds(5);

    // A stream of deliveries is looked at twice a second.
    /// <inheritdoc/>
    protected override TimeSpan Rest { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks at once. Called by tests, and by itself.</summary>
    /// <returns>Whether anything has changed.</returns>
    public Task<bool> LookAsync(CancellationToken cancellationToken) => Detached.RunAsync(() => LookAloneAsync(cancellationToken));

    private async Task<bool> LookAloneAsync(CancellationToken cancellationToken)
    {
        if (state.Building is not null || !leases.IsLeader)
        {
            return false; // an empty desk has nothing to raise, and must end nothing; and one instance raises them for all
        }

        // One at a time: what a slower look had read would be raised again after a faster one has ended it.
        await looking.WaitAsync(cancellationToken);
        try
        {
            return await CompareAsync(cancellationToken);
        }
        finally
        {
            looking.Release();
        }
    }

    private async Task<bool> CompareAsync(CancellationToken cancellationToken)
    {
        var nowMs = Time.GetUtcNow().ToUnixTimeMilliseconds();
        AlertChanges changes;
        await using (var desk = await desks.CreateDbContextAsync(cancellationToken))
        await using (var log = await logs.CreateDbContextAsync(cancellationToken))
        {
            var thresholds = await Thresholds.Setting.ReadAsync(log, cancellationToken);
            var present = await AlertRules.ReadAsync(
                desk,
                log,
                thresholds,
                secrets.HasReal,
                logDatabase.Damage.Count,
                space.HasRoom,
                access.Value.RevealsPerHour / 2,
                nowMs,
                cancellationToken
            );
            var open = await log.Alerts.AsNoTracking().Where(row => row.EndedAtMs == null).ToListAsync(cancellationToken);
            changes = AlertBook.Compare(open, present);
            openByKind = present.CountBy(static condition => condition.Kind);
        }

        if (changes.IsEmpty)
        {
            return false;
        }

        await writer.WriteAsync(transaction => AlertBook.Write(transaction, changes, nowMs), cancellationToken);
        notifier.Publish([new Change(Topic.Alert, "", IsTest: false)]);
        return true;
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Watch(
            "esimfly.alerts.open",
            "{alert}",
            "Open alerts by kind.",
            "kind",
            () => openByKind.Select(static kind => (kind.Key.ToString(), (double)kind.Value))
        );
        subscription = notifier.Subscribe(
            [Topic.Order, Topic.TopUp, Topic.Balance, Topic.Delivery, Topic.Rejected],
            _ =>
            {
                Wake();
                return Task.CompletedTask;
            }
        );
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        subscription?.Dispose();
        looking.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task TickAsync(CancellationToken stoppingToken) => LookAsync(stoppingToken);
}
