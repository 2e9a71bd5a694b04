using System.Diagnostics;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Intake;

/// <summary>How long a body may take.</summary>
[Collection(Alone.Name)]
public sealed class SlowBodyTests
{
    [Fact]
    public async Task Post_BodyThatDoesNotEnd_Is408WithinFourSeconds()
    {
        await using var app = new DashboardApp();
        using var http = new RawHttp(app.Address);
        var started = Stopwatch.GetTimestamp();

        await http.SendAsync(Head("POST", "Content-Length: 500\r\n") + "{");
        var (status, text) = await http.ReadAnswerAsync();

        Assert.Equal(408, status);
        Assert.Contains("Connection: close", text, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 3.5, 5);
    }

    private static string Head(string method, string headers) =>
        $"{method} /webhooks/esimfly HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}\r\n";
}
