using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>Degraded where this machine's clock differs from the database's: times that it shows would be wrong.</summary>
internal sealed class ClockHealthCheck(Heartbeat heartbeat) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var ahead = heartbeat.ClockAhead;
        return Task.FromResult(
            ahead.Duration() < Heartbeat.ClockTolerance
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"This machine's clock is {ahead.Duration().TotalSeconds:0} s "
                            + $"{(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the database's. Synchronise it (NTP)."
                    )
                )
        );
    }
}
