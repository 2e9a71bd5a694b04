using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Sessions;
using Microsoft.AspNetCore.Http.Connections;
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
        endpoints
            .MapHub<LiveHub>(
                LiveHub.Path,
                // Not long polling, which holds nothing between two requests: connections could not be counted.
                static options =>
                    options.Transports = HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents
            )
            .RequireAuthorization(Policies.Listener)
            .RequireRateLimiting(HubConnections.Policy);
        return endpoints;
    }
}
