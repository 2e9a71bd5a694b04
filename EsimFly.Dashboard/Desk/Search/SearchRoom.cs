namespace EsimFly.Dashboard.Desk.Search;

/// <summary>Registers the search over everything.</summary>
internal static class SearchRoom
{
    public static IServiceCollection AddSearch(this IServiceCollection services)
    {
        services.AddSingleton<SearchQueries>();
        services.AddSingleton<SearchCommands>();
        return services;
    }
}
