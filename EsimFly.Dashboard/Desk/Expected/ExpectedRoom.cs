using EsimFly.Dashboard.Access;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>Registers what is known of what has not come.</summary>
internal static class ExpectedRoom
{
    public static IServiceCollection AddExpected(this IServiceCollection services)
    {
        services.AddSingleton<RetryQueries>();
        services.AddSingleton<MissingQueries>();
        services.AddSingleton<Heartbeat>();
        services.AddHostedService(provider => provider.GetRequiredService<Heartbeat>());
        services.AddHealthChecks().AddCheck<ClockHealthCheck>("clock", tags: ["ready"]);
        return services;
    }

    public static void MapExpected(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(MissingExport.Path, MissingExport.GetAsync).RequireAuthorization(Policies.Viewer);
        endpoints.MapGet(RetryExport.Path, RetryExport.GetAsync).RequireAuthorization(Policies.Viewer);
    }
}
