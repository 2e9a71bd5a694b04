using EsimFly.Dashboard.Access;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>Registers the orders.</summary>
internal static class OrdersRoom
{
    public static IServiceCollection AddOrders(this IServiceCollection services)
    {
        services.AddSingleton<OrderQueries>();
        services.AddSingleton<OrderEvidence>();
        services.AddSingleton<PackageQueries>();
        return services;
    }

    public static void MapOrders(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(OrderExport.Path, OrderExport.GetAsync).RequireAuthorization(Policies.Viewer);
}
