namespace EsimFly.Dashboard.Desk.Events;

/// <summary>Registers what several pages show of events.</summary>
internal static class EventsRoom
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<Evidence>();
        return services;
    }
}
