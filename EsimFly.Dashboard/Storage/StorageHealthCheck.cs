using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EsimFly.Dashboard.Storage;

/// <summary>Ready when a write reaches the disk and there is room.</summary>
internal sealed class StorageHealthCheck(LogDatabase database, LogWriter writer, StorageHealth health, StorageSpace space)
    : IHealthCheck,
        IDisposable
{
    private const string Probe = """
        INSERT INTO "Settings" ("Name", "Value") VALUES ('health.probe', @p0) ON CONFLICT ("Name") DO UPDATE SET "Value" = excluded."Value"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // Anyone may ask; one write at a time answers them all.
    private readonly SemaphoreSlim probing = new(1, 1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!space.HasRoom)
        {
            return HealthCheckResult.Unhealthy("Free disk space is below Storage:MinimumFreeBytes.");
        }

        if (!health.IsFresh && await ProbeAsync(cancellationToken) is { } problem)
        {
            return HealthCheckResult.Unhealthy(problem);
        }

        return health.Fault == StorageFault.None && database.Damage is { Count: > 0 } damage
                ? HealthCheckResult.Degraded(
                    $"The event log is damaged: entries {damage.Numbers} cannot be read and are passed over. "
                        + "Restore a backup that has them."
                )
            : health.Fault == StorageFault.None ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(
                $"A delivery could not be stored. {health.Fault.Words()} It is tried again in "
                    + $"{StorageHealth.AppendFaultLasts.TotalSeconds:0} s."
            );
    }

    /// <inheritdoc/>
    public void Dispose() => probing.Dispose();

    private async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var isMine = false;
        try
        {
            await probing.WaitAsync(patience.Token);
            isMine = true;
            if (health.IsFresh)
            {
                return null;
            }

            // Another value each time: a change of nothing would write nothing.
            await writer.WriteAsync(static transaction => transaction.Execute(Probe, Guid.CreateVersion7().ToString()), patience.Token);
            return null;
        }
        catch (StorageUnavailableException fault)
        {
            return $"A write failed. {fault.Fault.Words()}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "A write had to wait too long.";
        }
        finally
        {
            if (isMine)
            {
                probing.Release();
            }
        }
    }
}
