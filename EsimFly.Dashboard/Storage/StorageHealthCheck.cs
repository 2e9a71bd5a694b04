using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EsimFly.Dashboard.Storage;

/// <summary>Ready when a write reaches the disk and there is room.</summary>
internal sealed class StorageHealthCheck(LogWriter writer, StorageHealth health, StorageSpace space) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // Anyone may ask; one write at a time answers them all.
    private readonly SemaphoreSlim probing = new(1, 1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!space.HasRoom)
        {
            return HealthCheckResult.Unhealthy("Free disk space is below Storage:MinimumFreeBytes.");
        }

        if (!health.IsFresh && await ProbeAsync(cancellationToken).ConfigureAwait(false) is { } problem)
        {
            return HealthCheckResult.Unhealthy(problem);
        }

        return HealthCheckResult.Healthy();
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
            await probing.WaitAsync(patience.Token).ConfigureAwait(false);
            isMine = true;
            if (health.IsFresh)
            {
                return null;
            }

            // An empty change to a row of our own: it takes the write lock and commits.
            await writer
                .WriteAsync(transaction => transaction.Execute("UPDATE \"DataKeys\" SET \"CreatedAtMs\" = \"CreatedAtMs\""), patience.Token)
                .ConfigureAwait(false);
            return null;
        }
        catch (StorageUnavailableException fault)
        {
            return $"A write failed: {fault.Fault}.";
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
