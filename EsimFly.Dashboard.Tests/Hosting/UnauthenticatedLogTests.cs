using System.Net;
using System.Net.Http.Headers;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EsimFly.Dashboard.Tests.Hosting;

/// <summary>What anybody can send does not fill the log.</summary>
public sealed class UnauthenticatedLogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_OfAnybody_LeaveAFewLinesAtMost()
    {
        using var heard = new HeardLog();
        await using var app = new DashboardApp(
            [("Webhooks:RequireHttps", "false"), ("Access:AllowedOrigins:0", "https://desk.example.com")],
            services => services.AddSingleton<ILoggerProvider>(heard)
        );
        await app.JoinAsync(AccountRole.Viewer);
        heard.Lines.Clear();

        for (var i = 0; i < 20; i++)
        {
            using (var gone = new RawHttp(app.Address))
            {
                await gone.SendAsync(
                    "POST /webhooks/esimfly HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
                );
                gone.Reset();
            }

            await AskAsync(app, "/orders", request => request.Headers.Add("Origin", "ftp://127.0.0.1/" + new string('A', 5000)));
            await AskAsync(app, "/orders", request => request.Headers.Host = "other.example.com");
            await AskAsync(app, "/health/ready");
        }

        using var form = new HttpRequestMessage(HttpMethod.Post, "/account/sign-in") { Content = new StringContent("a=b") };
        form.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded; charset=utf-7");
        using var refused = await app.Client.SendAsync(form, Token);
        using var forged = await app.Client.SendAsync(Signing.Request("{}"u8.ToArray(), secret: "whsec_another"), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode); // so that there is a refused request to look at
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var log = app.OpenLog();
                return log.Rejected.Any() && log.Rejected.All(row => row.Reason != "storage_failing");
            },
            "no request that was given up is taken for a failing storage"
        );

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.InRange(heard.Lines.Where(IsSeen).Sum(line => line.Length), 0, 2000);
    }

    // What the console shows with the settings as they are shipped.
    private static bool IsSeen(string line) =>
        line.Contains("refused", StringComparison.Ordinal)
        || line.Contains("could not be handled", StringComparison.Ordinal)
        || line.Contains("Health check", StringComparison.Ordinal)
        || line.Contains("Exception", StringComparison.Ordinal);

    private static async Task AskAsync(DashboardApp app, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        change?.Invoke(request);
        using var answer = await app.Client.SendAsync(request, Token);
    }
}
