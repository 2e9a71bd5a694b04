using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Storage;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Intake;

/// <summary>Registers the way of a delivery from the socket to the log, and maps the webhook endpoint.</summary>
internal static class IntakeRoom
{
    public static IServiceCollection AddIntake(this IServiceCollection services)
    {
        services
            .AddOptions<WebhooksOptions>()
            .BindConfiguration(WebhooksOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true) // a word of a list too
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhooksOptions>, WebhooksOptionsValidator>();
        services.AddOptions<IntakeOptions>().BindConfiguration(IntakeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<IntakeOptions>, IntakeOptionsValidator>();
        services.AddSingleton<SigningSecrets>();
        services.AddSingleton<PrintingBudget>();
        services.AddSingleton<WebhookEndpoint>();
        services.AddSingleton<FaultRehearsal>();
        services.AddSingleton<WaitingNotice>();
        services.AddSingleton<DeliveryLog>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryLog>());
        services.AddSingleton<RejectedLog>();
        services.AddSingleton<RejectedRing>();
        services.AddHostedService(provider => provider.GetRequiredService<RejectedRing>());
        services.AddSingleton<Rescue>();
        services.AddSingleton<Diagnosis>();
        services.AddHealthChecks().AddCheck<IntakeHealthCheck>("intake", tags: ["ready"]);
        services
            .AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<WebhooksOptions>>(
                (forwarded, webhooks) =>
                {
                    forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
                    forwarded.KnownProxies.Clear();
                    forwarded.KnownIPNetworks.Clear();
                    foreach (var proxy in webhooks.Value.KnownProxies)
                    {
                        forwarded.KnownIPNetworks.Add(WebhooksOptions.ParseNetwork(proxy)!.Value);
                    }
                }
            );
        return services;
    }

    /// <summary>Loads the signing secrets. Called at start, when the storage is prepared.</summary>
    /// <exception cref="StorageSetupException">They cannot be read; the message says what to do.</exception>
    public static void PrepareIntake(this IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<SigningSecrets>().Load();
        }
        catch (Exception fault) when (fault is IOException or DbException or CryptographicException)
        {
            throw new StorageSetupException($"The signing secrets in Storage:Directory cannot be used: {fault.Message}", fault);
        }

        services.RecallSenders();
    }

    // Who sent verified deliveries before the start is no stranger after it. A log that cannot be read here is the projection's to name.
    private static void RecallSenders(this IServiceProvider services)
    {
        try
        {
            using var log = services.GetRequiredService<LogDatabase>().Open();
            var printing = services.GetRequiredService<PrintingBudget>();
            foreach (var address in log.Query(LogSql.LatestSenders, static row => row.GetString(0)))
            {
                printing.Verified(IPAddress.TryParse(address, out var sender) ? sender : null);
            }
        }
        catch (DbException)
        {
            // They become known again with their next delivery.
        }
    }

    /// <summary>Believes the forwarded headers of the proxies that are configured, and of none where there are none.</summary>
    public static WebApplication UseKnownProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<WebhooksOptions>>().Value.KnownProxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        return app;
    }

    public static IEndpointRouteBuilder MapIntake(this IEndpointRouteBuilder endpoints)
    {
        endpoints
            .Map(WebhookEndpoint.Path, static context => context.RequestServices.GetRequiredService<WebhookEndpoint>().HandleAsync(context))
            .ShortCircuit()
            .WithDisplayName("eSIMfly webhooks");
        return endpoints;
    }
}
