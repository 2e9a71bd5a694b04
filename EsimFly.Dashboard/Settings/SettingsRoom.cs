using EsimFly.Dashboard.Access;

namespace EsimFly.Dashboard.Settings;

/// <summary>Registers what administrators set.</summary>
internal static class SettingsRoom
{
    public static IServiceCollection AddSettingsPages(this IServiceCollection services)
    {
        services.AddSingleton<SecretActions>();
        services.AddSingleton<AddressActions>();
        services.AddSingleton<AuditQueries>();
        services.AddSingleton<ThresholdActions>();
        services.AddSingleton<DataActions>();
        return services;
    }

    public static WebApplication MapSettings(this WebApplication app)
    {
        app.MapGet(AuditExport.Path, AuditExport.GetAsync).RequireAuthorization(Policies.Admin);
        return app;
    }
}
