namespace EsimFly.Dashboard.Desk.Overview;

/// <summary>Registers the first page: what needs somebody, and what came today.</summary>
internal static class OverviewRoom
{
    public static IServiceCollection AddOverview(this IServiceCollection services)
    {
        services.AddSingleton<OverviewQueries>();
        return services;
    }
}
