namespace EsimFly.Dashboard.Desk.Balance;

/// <summary>Registers the balance.</summary>
internal static class BalanceRoom
{
    public static IServiceCollection AddBalance(this IServiceCollection services)
    {
        services.AddSingleton<BalanceQueries>();
        return services;
    }
}
