using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The application as a process of its own, from its build output, in a folder that is not the project's.</summary>
internal sealed class AppProcess : IDisposable
{
    private readonly ConcurrentQueue<string> output = new();

    public AppProcess(
        string folder,
        int? port = null,
        IEnumerable<(string Key, string? Value)>? environment = null,
        params IEnumerable<string> arguments
    )
    {
        Port = port ?? FreePort();
        var start = new ProcessStartInfo(
            "dotnet",
            [Assembly, .. arguments, $"--Storage:Directory={folder}", "--Storage:MinimumFreeBytes=0"]
        )
        {
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = Address.ToString().TrimEnd('/');
        start.Environment["ESIMFLY_WEBHOOK_SECRET"] = Signing.Secret;
        foreach (var (key, value) in environment ?? [])
        {
            start.Environment[key] = value;
        }

        Process = Process.Start(start)!;
        Process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        Process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
        Client = new HttpClient { BaseAddress = Address };
    }

    public static string Assembly { get; } =
        Path.Combine(
            AppContext.BaseDirectory.Replace("EsimFly.Dashboard.Tests", "EsimFly.Dashboard", StringComparison.Ordinal),
            "EsimFly.Dashboard.dll"
        );

    public Process Process { get; }

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    public HttpClient Client { get; }

    public string Output => string.Join('\n', output);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task BecomeReadyAsync()
    {
        await Eventually.IsTrueAsync(
            async () =>
            {
                Assert.False(Process.HasExited, Output);
                try
                {
                    using var response = await Client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
                    return response.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the process is ready",
            TimeSpan.FromSeconds(60) // others start beside it
        );
    }

    /// <summary>Sends a signal to the process, such as <c>TERM</c> or <c>STOP</c>.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    public async Task<int> ExitAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        await Process.WaitForExitAsync(patience.Token);
        return Process.ExitCode;
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
            Process.WaitForExit();
        }

        Process.Dispose();
        Client.Dispose();
    }
}
