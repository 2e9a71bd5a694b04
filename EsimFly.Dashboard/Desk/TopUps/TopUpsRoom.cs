using EsimFly.Dashboard.Access;

namespace EsimFly.Dashboard.Desk.TopUps;

/// <summary>Registers the top-ups.</summary>
internal static class TopUpsRoom
{
    public static IServiceCollection AddTopUps(this IServiceCollection services)
    {
        services.AddSingleton<TopUpQueries>();
        return services;
    }

    public static void MapTopUps(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(TopUpExport.Path, TopUpExport.GetAsync).RequireAuthorization(Policies.Viewer);
}
