namespace EsimFly.Dashboard.Desk.Health;

/// <summary>Registers the figures of how receiving and processing go.</summary>
internal static class HealthRoom
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<HealthQueries>();
        services.AddSingleton<RateQueries>();
        return services;
    }
}
