using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Sessions;
using Microsoft.AspNetCore.SignalR;

namespace EsimFly.Dashboard.Live;

/// <summary>Registers and maps the live updates.</summary>
internal static class LiveRoom
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<ChangeNotifier>();
        services.AddSignalR().AddHubOptions<LiveHub>(options => options.AddFilter<HubSessions>());
        services.AddHostedService<LiveBroadcaster>();
        services.AddHostedService<LiveRelay>();
        return services;
    }

    public static IEndpointRouteBuilder MapLive(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHub<LiveHub>(LiveHub.Path).RequireAuthorization(Policies.Listener).RequireRateLimiting(HubConnections.Policy);
        return endpoints;
    }
}
