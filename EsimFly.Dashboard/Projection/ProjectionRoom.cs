using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection.Erasing;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Projection;

/// <summary>Registers the worker and the rebuild.</summary>
internal static class ProjectionRoom
{
    public static IServiceCollection AddProjection(this IServiceCollection services)
    {
        services.AddOptions<WholesaleOptions>().BindConfiguration(WholesaleOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WholesaleOptions>, WholesaleOptionsValidator>();
        services.AddSingleton<ErasedNames>();
        services.AddSingleton<ErasedFile>();
        services.AddSingleton<Eraser>();
        services.AddSingleton<AgedData>();
        services.AddSingleton<ErasureSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<ErasureSweep>());
        services.AddSingleton<EntryReader>();
        services.AddSingleton<ProjectionWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ProjectionWorker>());
        services.AddSingleton<BulkProjection>();
        services.AddSingleton<ReadModelBuilder>();
        services.AddSingleton<ProjectionRetries>();
        services.AddSingleton<StandBy>();
        services.AddSingleton<Rebuild>();
        services.AddSingleton<RetentionWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<RetentionWorker>());
        services.AddSingleton<DeliveryEffects>();
        services.AddSingleton<SelfCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<SelfCheck>());
        services.AddHealthChecks().AddCheck<ProjectionHealthCheck>("projection", tags: ["ready"]);
        return services;
    }

    /// <summary>At start, before anything is read from the log: knows what was erased.</summary>
    public static async Task PrepareProjectionAsync(this IServiceProvider services) =>
        services.GetRequiredService<ErasureSweep>().IsDue = await services.GetRequiredService<Eraser>().LoadAsync(CancellationToken.None);
}
