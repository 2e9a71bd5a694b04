namespace EsimFly.Dashboard.Simulator;

/// <summary>Registers the Simulator.</summary>
internal static class SimulatorRoom
{
    public static IServiceCollection AddSimulator(this IServiceCollection services)
    {
        services.AddSingleton<OwnAddress>();
        services.AddSingleton<SimulatorClient>();
        services.AddSingleton<RetryRuns>();
        services.AddSingleton<SimulatorActions>();
        services.AddSingleton<TestData>();
        return services;
    }
}
