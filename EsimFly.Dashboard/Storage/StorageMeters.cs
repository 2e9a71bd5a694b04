using EsimFly.Dashboard.Hosting.Observability;

namespace EsimFly.Dashboard.Storage;

/// <summary>Reports the figures of the storage: its sizes, the room left, a fault, and how old the latest backup is.</summary>
internal sealed class StorageMeters(
    DashboardMetrics metrics,
    LogDatabase log,
    ReadModelDatabase readModel,
    StorageHealth health,
    StoragePaths paths,
    Backups backups,
    TimeProvider time
) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Watch(
            "esimfly.storage.size",
            "By",
            "Size of a store, its write-ahead log included.",
            "store",
            () => [("event_log", log.Bytes), ("read_model", readModel.Bytes)]
        );
        metrics.Watch(
            "esimfly.storage.free",
            "By",
            "Free space of the disk that the stores are on.",
            () => new DriveInfo(paths.Root).AvailableFreeSpace
        );
        metrics.Watch(
            "esimfly.storage.fault",
            "1",
            "1 while the event log cannot be written, else 0.",
            () => health.Fault == StorageFault.None ? 0 : 1
        );
        metrics.Watch(
            "esimfly.backup.age",
            "s",
            "Age of the latest backup; nothing where there is none.",
            () =>
                backups.List() is [var latest, ..]
                    ? (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(latest.MadeAtMs)).TotalSeconds
                    : null
        );
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
