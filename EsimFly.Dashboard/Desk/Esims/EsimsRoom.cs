using EsimFly.Dashboard.Access;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>Registers the eSIMs.</summary>
internal static class EsimsRoom
{
    public static IServiceCollection AddEsims(this IServiceCollection services)
    {
        services.AddSingleton<EsimQueries>();
        services.AddSingleton<EsimAsk>();
        services.AddSingleton<EsimEvidence>();
        return services;
    }

    public static void MapEsims(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(EsimExport.Path, EsimExport.GetAsync).RequireAuthorization(Policies.Viewer);
}
