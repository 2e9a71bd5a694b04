using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>A reverse proxy before several instances: deliveries go to any of them in turn, pages stay with one.</summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private readonly WebApplication proxy;

    private LoadBalancer(WebApplication proxy) => this.proxy = proxy;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(proxy.Urls.First());

    /// <summary>Starts one before these instances.</summary>
    public static async Task<LoadBalancer> StartAsync(IEnumerable<KeyValuePair<string, AppProcess>> instances)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var destinations = instances.ToDictionary(
            static instance => instance.Key,
            static instance => new DestinationConfig { Address = instance.Value.Address.ToString() },
            StringComparer.Ordinal
        );
        builder
            .Services.AddReverseProxy()
            .LoadFromMemory(
                [
                    new RouteConfig
                    {
                        RouteId = "deliveries",
                        ClusterId = "any",
                        Transforms = OriginalHost,
                        Order = 1,
                        Match = new() { Path = "/webhooks/{**rest}" },
                    },
                    new RouteConfig
                    {
                        RouteId = "pages",
                        ClusterId = "one",
                        Transforms = OriginalHost,
                        Order = 2,
                        Match = new() { Path = "{**rest}" },
                    },
                ],
                [
                    new ClusterConfig
                    {
                        ClusterId = "any",
                        LoadBalancingPolicy = "RoundRobin",
                        Destinations = destinations,
                        HealthCheck = Health,
                        HttpRequest = new() { ActivityTimeout = TimeSpan.FromSeconds(10) },
                    },
                    new ClusterConfig
                    {
                        ClusterId = "one",
                        Destinations = destinations,
                        HealthCheck = Health,
                        SessionAffinity = new()
                        {
                            Enabled = true,
                            Policy = "Cookie",
                            AffinityKeyName = "instance",
                            FailurePolicy = "Redistribute",
                        },
                    },
                ]
            );
        var app = builder.Build();
        app.UseWebSockets();
        app.MapReverseProxy();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new LoadBalancer(app);
    }

    public async ValueTask DisposeAsync() => await proxy.DisposeAsync();

    // Forms are taken from the address alone that people see.
    private static IReadOnlyList<IReadOnlyDictionary<string, string>> OriginalHost =>
        [new Dictionary<string, string>(StringComparer.Ordinal) { ["RequestHeaderOriginalHost"] = "true" }];

    private static HealthCheckConfig Health =>
        new()
        {
            Active = new()
            {
                Enabled = true,
                Interval = TimeSpan.FromMilliseconds(500),
                Timeout = TimeSpan.FromSeconds(2),
                Path = "/health/live",
            },
        };
}
