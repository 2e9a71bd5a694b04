using EsimFly.Dashboard.Inbox;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Receiving;

/// <summary>Registers and maps the webhook endpoint.</summary>
internal static class ReceivingRoom
{
    public static IServiceCollection AddReceiving(this IServiceCollection services)
    {
        services
            .AddOptions<WebhookOptions>()
            .BindConfiguration(WebhookOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddSingleton<RejectedLog>();
        services.AddSingleton<WebhookEndpoint>();
        services.AddSingleton<IRejectedRescue, Rescue>();
        services.AddSingleton<IRejectedDiagnosis, Diagnosis>();
        services
            .AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<WebhookOptions>>(
                (forwarded, webhooks) =>
                {
                    forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
                    forwarded.KnownProxies.Clear();
                    forwarded.KnownIPNetworks.Clear();
                    foreach (var proxy in webhooks.Value.KnownProxies)
                    {
                        forwarded.KnownIPNetworks.Add(WebhookOptions.ParseNetwork(proxy)!.Value);
                    }
                }
            );
        return services;
    }

    /// <summary>Believes the forwarded headers of the proxies that are configured, and of none where there are none.</summary>
    public static WebApplication UseKnownProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<WebhookOptions>>().Value.KnownProxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        return app;
    }

    public static IEndpointRouteBuilder MapReceiving(this IEndpointRouteBuilder endpoints)
    {
        endpoints
            .Map(WebhookEndpoint.Path, static context => context.RequestServices.GetRequiredService<WebhookEndpoint>().HandleAsync(context))
            .ShortCircuit()
            .WithDisplayName("eSIMfly webhooks");
        return endpoints;
    }

    private sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
    {
        public ValidateOptionsResult Validate(string? name, WebhookOptions options) =>
            options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
