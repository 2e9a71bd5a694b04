using EsimFly.Dashboard.Access;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>Registers the alerts.</summary>
internal static class AlertsRoom
{
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<AlertActions>();
        services.AddSingleton<AlertWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<AlertWatch>());
        return services;
    }

    public static void MapAlerts(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(AlertExport.Path, AlertExport.GetAsync).RequireAuthorization(Policies.Viewer);
}
