using System.Globalization;
using EsimFly.Dashboard.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EsimFly.Dashboard.Projection;

/// <summary>Ready while the worker goes round; degraded while what it has to fold is old.</summary>
internal sealed class ProjectionHealthCheck(
    ProjectionWorker worker,
    WaitingDeliveries waiting,
    ReadModelState state,
    ReadModelHealth health,
    TimeProvider time
) : IHealthCheck
{
    private const int CountUpTo = 10_000;

    private static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OldAfter = TimeSpan.FromMinutes(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (worker.ExecuteTask is { IsCompleted: true } || worker.SinceLastRound > DeadAfter)
        {
            return HealthCheckResult.Unhealthy("The worker has stopped.");
        }

        if (state.Building is { } building)
        {
            return HealthCheckResult.Degraded(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The read model is being rebuilt from the log: {building.Percent} %. {building.Reason} "
                        + $"Deliveries are received all the same."
                )
            );
        }

        if (health.Fault != StorageFault.None)
        {
            return HealthCheckResult.Degraded($"The read model cannot be written ({health.Fault}): deliveries are received, and wait.");
        }

        var (count, oldestAtMs) = await waiting.BacklogAsync(cancellationToken);
        var age = oldestAtMs is { } at ? time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at) : TimeSpan.Zero;
        var oldest = $"the oldest for {Math.Max(0, (int)age.TotalSeconds)} s";
        var backlog = count switch
        {
            0 => "Nothing waits.",
            1 => $"1 delivery waits, {oldest}.",
            CountUpTo => $"{count} or more deliveries wait, {oldest}.",
            _ => $"{count} deliveries wait, {oldest}.",
        };
        return age > OldAfter ? HealthCheckResult.Degraded(backlog) : HealthCheckResult.Healthy(backlog);
    }
}
