namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>Registers what asks eSIMfly's API.</summary>
internal static class EsimflyApiRoom
{
    private static readonly TimeSpan AnAttempt = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddEsimflyApi(this IServiceCollection services)
    {
        services.AddOptions<EsimflyApiOptions>().BindConfiguration(EsimflyApiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<ApiBudget>();
        services.AddSingleton<EsimflyClient>();
        services
            .AddHttpClient(
                EsimflyClient.ClientName,
                static client =>
                {
                    client.Timeout = AnAttempt;
                    client.MaxResponseContentBufferSize = EsimflyClient.LargestAnswer;
                }
            )
            // A redirect would take the signature elsewhere.
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            .RemoveAllLoggers();
        return services;
    }
}
