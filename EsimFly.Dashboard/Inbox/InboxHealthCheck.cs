using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Inbox;

/// <summary>Ready while deliveries can still be queued for their commit.</summary>
internal sealed class InboxHealthCheck(DeliveryLog log, IOptions<InboxOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (log.ExecuteTask is { IsCompleted: true })
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("The log is no longer written."));
        }

        return Task.FromResult(
            log.Waiting >= options.Value.QueueCapacity
                ? HealthCheckResult.Unhealthy("Too many deliveries wait for their commit.")
                : HealthCheckResult.Healthy()
        );
    }
}
