using System.CommandLine;
using System.Globalization;

namespace EsimFly.Dashboard.Simulator.StandIn;

/// <summary>
/// <c>esimfly-api</c>: plays an account at eSIMfly on this machine, to look at the desk with and to develop it, where no account is to be
/// had or none is to be touched.
/// </summary>
internal static class StandInCommand
{
    private const string DefaultUrl = "http://127.0.0.1:5090";
    private const int NotUnderstood = 2;

    private static readonly Option<int> Orders = new("--orders")
    {
        Description = "How many orders the account has had, at most 100,000.",
        DefaultValueFactory = static _ => 400,
    };

    /// <summary>Describes the command.</summary>
    /// <param name="settings">The settings of the command line: <c>--urls</c> says where it listens.</param>
    public static Command Describe(string[] settings)
    {
        var command = new Command("esimfly-api", "Plays an account at eSIMfly on this machine, for demonstration and development.")
        {
            Orders,
        };
        command.SetAction((parsed, stop) => RunAsync(UrlOf(settings), Math.Clamp(parsed.GetValue(Orders), 0, 100_000), stop));
        return command;
    }

    private static string UrlOf(string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(settings).Build();
        return configuration["urls"] ?? DefaultUrl;
    }

    private static async Task<int> RunAsync(string url, int orders, CancellationToken stop)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !address.IsLoopback)
        {
            await Console.Error.WriteLineAsync(
                "esimfly-api listens on this machine alone: give --urls an address such as " + DefaultUrl + "."
            );
            return NotUnderstood;
        }

        await using var server = await StartAsync(url, new(new(orders, TimeProvider.System.GetUtcNow()), TimeProvider.System), stop);
        await Console.Out.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                An account at eSIMfly with {orders} orders is played at {url}. Start the desk with --EsimflyApi:BaseUrl={url}
                and connect it in Settings → eSIMfly account:

                    access code  {StandInAccount.AccessCode}
                    secret key   {StandInAccount.SecretKey}

                """
            )
        );
        await server.WaitForShutdownAsync(stop);
        return 0;
    }

    /// <summary>Starts a stand-in.</summary>
    /// <param name="url">Where it listens; port 0 for any.</param>
    /// <param name="standIn">What answers.</param>
    /// <param name="stop">Ends the start.</param>
    internal static async Task<WebApplication> StartAsync(string url, StandInServer standIn, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var server = builder.Build();
        server.Run(standIn.AnswerAsync);
        await server.StartAsync(stop);
        return server;
    }
}
