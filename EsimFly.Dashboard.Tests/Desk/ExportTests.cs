using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk;

/// <summary>Every list can be taken out as CSV.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task EachList_IsAFile_WithItsHeading_AndRows()
    {
        await using var app = new DashboardApp();
        await Scene.PlayAsync(app);
        await app.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);
        using var client = await app.SignInAsync(AccountRole.Viewer);
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["/orders.csv"] = "order_id,order_reference,state,",
            ["/esims.csv"] = "iccid,plan,profile,",
            ["/top-ups.csv?show=failed"] = "iccid,outcome,error_code,",
            ["/deliveries.csv"] = "number,delivery_id,event,",
            ["/deliveries/rejected.csv"] = "number,received_utc,reason,",
            ["/deliveries/missing.csv"] = "missing,order_or_iccid,",
            ["/deliveries/retries.csv"] = "delivery_id,event,contract,",
            ["/alerts.csv"] = "alert,what,about,",
        };
        foreach (var (path, heading) in files)
        {
            var lines = (await client.GetStringAsync(path, TestContext.Current.CancellationToken)).TrimStart('\uFEFF').Trim().Split('\n');

            Assert.StartsWith(heading, lines[0], StringComparison.Ordinal);
            Assert.True(lines.Length > 1, $"{path} has no rows");
            Assert.All(lines, line => Assert.DoesNotContain("LPA:1$", line, StringComparison.Ordinal));
        }

        // Days and ticked rows limit them.
        var future = DateTimeOffset.UtcNow.AddDays(2).ToUnixTimeMilliseconds();
        Assert.Single(await LinesAsync(client, $"/orders.csv?since_ms={future}"));
        Assert.Single(await LinesAsync(client, $"/deliveries.csv?since_ms={future}"));
        Assert.Equal(3, (await LinesAsync(client, "/deliveries.csv?only=1&only=2")).Length);
        Assert.Equal(2, (await LinesAsync(client, $"/esims.csv?only={Scene.HealthyIccid}")).Length);
    }

    private static async Task<string[]> LinesAsync(HttpClient client, string path) =>
        (await client.GetStringAsync(path, TestContext.Current.CancellationToken)).Trim().Split('\n');
}
