using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Hosting;

/// <summary>Logs at the start which version runs, where the desk and its data are, and what is still missing.</summary>
internal sealed partial class StartNotice(
    IHostApplicationLifetime lifetime,
    IServer server,
    LogDatabase log,
    ReadModelState state,
    SigningSecrets secrets,
    IOptions<WebhooksOptions> webhooks,
    IHostEnvironment environment,
    ILogger<StartNotice> logger
) : IHostedService
{
    // 128 bits, as text.
    private const int ShortestGoodSecret = 16;

    private CancellationTokenRegistration registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        registration = lifetime.ApplicationStarted.Register(Notify);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => registration.DisposeAsync().AsTask();

    /// <summary>Logs which version starts: the log's first line.</summary>
    public static void LogVersion(ILogger logger) => Log.Starting(logger, ProgramVersion.Text);

    private void Notify()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Log.Listening(logger, string.Join(", ", addresses), WebhookEndpoint.Path, log.Place);
        if (state.IsNewStore)
        {
            Log.NewStore(logger, log.Place);
        }

        if (!secrets.Current.Any(secret => !secret.IsTest))
        {
            Log.NoSecret(logger, SigningSecrets.EnvironmentKey);
        }

        foreach (var secret in secrets.Current.Where(static secret => !secret.IsTest && secret.Key.Length < ShortestGoodSecret))
        {
            Log.ShortSecret(logger, secret.Label);
        }

        if (
            webhooks.Value.IsHttpsRequired(environment)
            && webhooks.Value.KnownProxies.Count == 0
            && !addresses.Any(address => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        )
        {
            Log.NoHttps(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6, LogLevel.Information, "EsimFly.Dashboard {Version} starts.")]
        public static partial void Starting(ILogger logger, string version);

        [LoggerMessage(1, LogLevel.Information, "The desk is at {Addresses}, the webhook endpoint at {Path}, the data in {Directory}.")]
        public static partial void Listening(ILogger logger, string addresses, string path, string directory);

        [LoggerMessage(2, LogLevel.Warning, "A new, empty database was made: {File}. Nothing was there before.")]
        public static partial void NewStore(ILogger logger, string file);

        [LoggerMessage(3, LogLevel.Warning, "No signing secret is set: deliveries are answered 503. Add one under Settings, or set {Key}.")]
        public static partial void NoSecret(ILogger logger, string key);

        [LoggerMessage(5, LogLevel.Warning, "The signing secret {Label} is so short that it could be guessed. Rotate it at eSIMfly.")]
        public static partial void ShortSecret(ILogger logger, string label);

        [LoggerMessage(
            4,
            LogLevel.Warning,
            "Every delivery will be refused: HTTPS is required, no https address is listened on, and "
                + "no proxy is known that could confirm it. Set Webhooks:KnownProxies to your proxy's address."
        )]
        public static partial void NoHttps(ILogger logger);
    }
}
