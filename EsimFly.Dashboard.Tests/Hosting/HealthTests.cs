using System.Net;
using System.Text.Json;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Hosting;

public sealed class HealthTests
{
    [Fact]
    public async Task Ready_WithASecret_IsHealthyAndNamesItsChecks()
    {
        await using var app = new DashboardApp();

        var (status, report) = await ReadAsync(app, "/health/ready");

        Assert.Equal((HttpStatusCode.OK, "Healthy"), (status, report.GetProperty("status").GetString()));
        Assert.Equal(
            "storage intake projection clock",
            string.Join(' ', report.GetProperty("checks").EnumerateObject().Select(check => check.Name))
        );
    }

    [Fact]
    public async Task Ready_WithoutASecret_IsDegradedAndSaysWhy()
    {
        await using var app = new DashboardApp([("ESIMFLY_WEBHOOK_SECRET", null)]);

        var (status, report) = await ReadAsync(app, "/health/ready");

        Assert.Equal((HttpStatusCode.OK, "Degraded"), (status, report.GetProperty("status").GetString()));
        Assert.Contains(
            "secret",
            report.GetProperty("checks").GetProperty("intake").GetProperty("description").GetString(),
            StringComparison.Ordinal
        );
    }

    private static async Task<(HttpStatusCode Status, JsonElement Report)> ReadAsync(DashboardApp app, string path)
    {
        using var response = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (response.StatusCode, document.RootElement.Clone());
    }
}
