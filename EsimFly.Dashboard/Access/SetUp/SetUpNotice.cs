using EsimFly.Dashboard.Access.Accounts;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EsimFly.Dashboard.Access.SetUp;

/// <summary>Puts the link to set-up on the console. It is no log entry: logs travel, and the link opens the door.</summary>
internal sealed class SetUpNotice(FirstRun firstRun, IServer server) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5080";
        if (await firstRun.IssueLinkAsync(ForBrowsers(address), cancellationToken) is { } link)
        {
            await Console.Out.WriteLineAsync(
                $"""

                There is no administrator yet. Open this link to set the desk up.
                It is good once, for {OneTimeLinks.SetUpLifetime.TotalMinutes:0} minutes:

                    {link}

                It is also in {firstRun.LinkFile}

                """
            );
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // An address that means "all of them" is none that a browser can open.
    private static string ForBrowsers(string address) =>
        address.Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("[::]", "localhost", StringComparison.Ordinal);
}
