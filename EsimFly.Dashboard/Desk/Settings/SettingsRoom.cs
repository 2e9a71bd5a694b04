namespace EsimFly.Dashboard.Desk.Settings;

/// <summary>Registers what administrators set.</summary>
internal static class SettingsRoom
{
    public static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.AddSingleton<SecretActions>();
        services.AddSingleton<AddressActions>();
        services.AddSingleton<ThresholdActions>();
        services.AddSingleton<DataActions>();
        return services;
    }
}
