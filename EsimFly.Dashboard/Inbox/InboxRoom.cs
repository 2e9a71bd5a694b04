namespace EsimFly.Dashboard.Inbox;

/// <summary>Registers the inbox.</summary>
internal static class InboxRoom
{
    public static IServiceCollection AddInbox(this IServiceCollection services)
    {
        services.AddOptions<InboxOptions>().BindConfiguration(InboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LogSignal>();
        services.AddSingleton<Answers>();
        services.AddSingleton<DeliveryLog>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryLog>());
        services.AddSingleton<FaultRehearsal>();
        services.AddSingleton<RejectedRing>();
        services.AddHostedService(provider => provider.GetRequiredService<RejectedRing>());
        services.AddHealthChecks().AddCheck<InboxHealthCheck>("inbox", tags: ["ready"]);
        return services;
    }
}
