namespace EsimFly.Dashboard.Desk.Cases;

/// <summary>Registers notes, owners and follow-ups.</summary>
internal static class CasesRoom
{
    public static IServiceCollection AddCases(this IServiceCollection services)
    {
        services.AddSingleton<CaseActions>();
        services.AddSingleton<Watchers>();
        return services;
    }
}
