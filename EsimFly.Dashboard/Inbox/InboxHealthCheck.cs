using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Inbox;

/// <summary>Ready while deliveries can still be queued for their commit.</summary>
internal sealed class InboxHealthCheck(DeliveryInbox inbox, IOptions<InboxOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (inbox.ExecuteTask is { IsCompleted: true })
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("The inbox no longer commits."));
        }

        return Task.FromResult(inbox.Waiting >= options.Value.QueueCapacity
            ? HealthCheckResult.Unhealthy("The inbox is full.")
            : HealthCheckResult.Healthy());
    }
}
