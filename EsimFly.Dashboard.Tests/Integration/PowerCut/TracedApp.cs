using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>
/// The application as a process of its own, like <see cref="AppProcess"/>, with its system calls written down from the first.
/// </summary>
internal sealed class TracedApp : IDisposable
{
    private const int LongestString = 4 * 1024 * 1024;

    // Tracing takes its time, and machines that run tests are busy.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> output = new();
    private readonly string trace;
    private readonly Process process;
    private readonly HttpClient client;

    public TracedApp(string folder, string trace)
    {
        this.trace = trace;
        Address = new($"http://127.0.0.1:{AppProcess.FreePort()}/");
        client = new() { BaseAddress = Address };

        // Detached (-D), strace stands aside: the process started here is the application's. --seccomp-bpf: other calls cost nothing.
        var longest = LongestString.ToString(CultureInfo.InvariantCulture);
        string[] strace = ["-D", "-f", "-q", "-y", "--seccomp-bpf", "-s", longest, "-o", trace, "-e", "trace=" + TraceReader.Calls];
        string[] app = ["dotnet", AppProcess.Assembly, $"--Storage:Directory={folder}", "--Storage:MinimumFreeBytes=0"];
        var start = new ProcessStartInfo(RequiredTool.Strace, [.. strace, .. app])
        {
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = Address.ToString().TrimEnd('/');
        start.Environment["ESIMFLY_WEBHOOK_SECRET"] = Signing.Secret;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public Task BecomeReadyAsync() =>
        Eventually.IsTrueAsync(
            async () =>
            {
                Assert.False(process.HasExited, string.Join('\n', output));
                try
                {
                    using var response = await client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
                    return response.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the traced process is ready",
            Patience
        );

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return TraceEndsAsync();
    }

    /// <summary>Asks it to end.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await TraceEndsAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        client.Dispose();
    }

    // strace's last line is about the process itself: "12345 +++ exited with 0 +++", a shorter number padded.
    private Task TraceEndsAsync()
    {
        var start = string.Create(CultureInfo.InvariantCulture, $"{process.Id} ");
        bool IsLast(string line) =>
            line.StartsWith(start, StringComparison.Ordinal) && line[start.Length..].Trim().StartsWith("+++", StringComparison.Ordinal);
        return Eventually.IsTrueAsync(() => process.HasExited && IsLast(LastLine()), "the trace has ended", Patience);
    }

    private string LastLine()
    {
        const int Enough = 200;
        using var file = new FileStream(trace, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = Math.Max(0, file.Length - Enough);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().TrimEnd().Split('\n')[^1];
    }
}
