using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Intake.Signing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Intake;

/// <summary>Ready while deliveries can still be queued for their commit; degraded while no signing secret is set.</summary>
internal sealed class IntakeHealthCheck(DeliveryLog log, SigningSecrets secrets, IOptions<IntakeOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            log.ExecuteTask is { IsCompleted: true } ? HealthCheckResult.Unhealthy("The log is no longer written.")
            : log.Waiting >= options.Value.QueueCapacity ? HealthCheckResult.Unhealthy("Too many deliveries wait for their commit.")
            : !secrets.HasReal
                ? HealthCheckResult.Degraded("No signing secret is set: deliveries are answered 503, so that eSIMfly keeps them.")
            : HealthCheckResult.Healthy()
        );
}
