using EsimFly.Dashboard.EsimflyApi.Sync;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>Registers what asks eSIMfly's API.</summary>
internal static class EsimflyApiRoom
{
    private const int Retries = 2;

    private static readonly TimeSpan AnAttempt = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan BeforeARetry = TimeSpan.FromMilliseconds(300);

    public static IServiceCollection AddEsimflyApi(this IServiceCollection services)
    {
        services.AddOptions<EsimflyApiOptions>().BindConfiguration(EsimflyApiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<ApiBudget>();
        services.AddSingleton(ApiDeadlines.Default);
        services.AddSingleton<EsimflyClient>();
        services.AddSingleton<Observations>();
        services.AddSingleton<SyncReads>();
        services.AddSingleton<Synchroniser>();
        services.AddHostedService(static provider => provider.GetRequiredService<Synchroniser>());
        services.AddTransient<SignedRequests>();
        services.AddLogging(static logging => logging.AddFilter(nameof(Polly), LogLevel.None)); // the pages say what failed, and why
        var client = services
            .AddHttpClient(
                EsimflyClient.ClientName,
                static client =>
                {
                    client.Timeout = Timeout.InfiniteTimeSpan; // each attempt has its own
                    client.MaxResponseContentBufferSize = EsimflyClient.LargestAnswer;
                }
            )
            // A redirect would take the signature elsewhere.
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            .RemoveAllLoggers();
        client.AddResilienceHandler(
            EsimflyClient.ClientName,
            static pipeline =>
                pipeline
                    .AddRetry(
                        new HttpRetryStrategyOptions
                        {
                            MaxRetryAttempts = Retries,
                            Delay = BeforeARetry,
                            BackoffType = DelayBackoffType.Exponential,
                            UseJitter = true,
                            ShouldRetryAfterHeader = false, // nobody waits inside a call: the budget does
                            ShouldHandle = static attempt =>
                                ValueTask.FromResult(
                                    attempt.Outcome.Exception is not BudgetSpentException
                                        && HttpClientResiliencePredicates.IsTransient(attempt.Outcome)
                                        && attempt.Outcome.Result?.StatusCode is not System.Net.HttpStatusCode.TooManyRequests
                                ),
                        }.OnlyForReading()
                    )
                    .AddTimeout(AnAttempt)
        );
        client.AddHttpMessageHandler<SignedRequests>(); // within, so that each attempt is signed by itself
        return services;
    }

    // A new secret that was made, and its answer lost, is not made again by itself.
    private static HttpRetryStrategyOptions OnlyForReading(this HttpRetryStrategyOptions options)
    {
        options.DisableFor(HttpMethod.Put, HttpMethod.Post);
        return options;
    }
}
