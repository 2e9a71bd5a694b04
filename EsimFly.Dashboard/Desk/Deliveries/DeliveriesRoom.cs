using EsimFly.Dashboard.Access;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>Registers the deliveries, those rejected among them, and the rebuild.</summary>
internal static class DeliveriesRoom
{
    public static IServiceCollection AddDeliveries(this IServiceCollection services)
    {
        services.AddSingleton<DeliveryQueries>();
        services.AddSingleton<RejectedQueries>();
        services.AddSingleton<DeliveryActions>();
        services.AddSingleton<RebuildActions>();
        return services;
    }

    public static void MapDeliveries(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(DeliveryExport.Path, DeliveryExport.GetAsync).RequireAuthorization(Policies.Viewer);
        endpoints.MapGet(RejectedExport.Path, RejectedExport.GetAsync).RequireAuthorization(Policies.Viewer);
    }
}
