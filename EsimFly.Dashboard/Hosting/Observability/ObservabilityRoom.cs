using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EsimFly.Dashboard.Hosting.Observability;

/// <summary>Registers meters, health checks and, where it is configured, the export of telemetry.</summary>
internal static class ObservabilityRoom
{
    private static readonly string? Version = typeof(ObservabilityRoom).Assembly.GetName().Version?.ToString();

    public static IServiceCollection AddObservability(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.AddSingleton<DashboardMetrics>();
        services.AddHealthChecks();

        // Nothing leaves this process unless OpenTelemetry's own variable names a collector.
        if (!string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            services
                .AddOpenTelemetry()
                .ConfigureResource(static resource => resource.AddService("EsimFly.Dashboard", serviceVersion: Version))
                .WithMetrics(metrics =>
                    metrics
                        .AddMeter(
                            DashboardMetrics.MeterName,
                            "Microsoft.AspNetCore.Hosting",
                            "Microsoft.AspNetCore.Server.Kestrel",
                            "Microsoft.AspNetCore.Components"
                        )
                        .AddRuntimeInstrumentation()
                )
                .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation())
                .UseOtlpExporter();
        }

        return services;
    }

    /// <summary><c>GET /health/live</c>: the process answers. <c>GET /health/ready</c>: it can take deliveries and show them.</summary>
    public static IEndpointRouteBuilder MapObservability(this IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync })
            .ShortCircuit();
        endpoints
            .MapHealthChecks(
                "/health/ready",
                new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready"), ResponseWriter = WriteAsync }
            )
            .ShortCircuit();
        return endpoints;
    }

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("status", report.Status.ToString());
        writer.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            writer.WriteStartObject(name);
            writer.WriteString("status", entry.Status.ToString());
            if (entry.Description is { } description)
            {
                writer.WriteString("description", description);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }
}
