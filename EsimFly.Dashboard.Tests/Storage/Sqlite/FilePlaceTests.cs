using System.Net;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Storage.Sqlite;

/// <summary>A 200 is on the disk where it will be looked for: not in a file that was moved away, deleted or replaced.</summary>
public sealed class FilePlaceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("moved")]
    [InlineData("deleted")]
    [InlineData("replaced")]
    public async Task EventLog_ThatIsNoLongerAtItsPath_TakesNoDelivery_AndReadinessSaysWhy(string what)
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        var file = Path.Combine(app.Folder, "esimfly.db");
        var copy = file + ".copy";
        File.Copy(file, copy);

        Take(what, file, copy);

        using var refused = await app.Client.SendAsync(Signing.Sample("2025-11/order.completed"), Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        using var ready = await app.Client.GetAsync("/health/ready", Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("moved, deleted or replaced", await ready.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventLog_ThatIsPutBack_TakesDeliveriesAgain()
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        var file = Path.Combine(app.Folder, "esimfly.db");
        File.Move(file, file + ".away");
        using var refused = await app.Client.SendAsync(Signing.Sample("2025-11/order.completed"), Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        File.Move(file + ".away", file, overwrite: true);

        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.SettleAsync();
        await using var context = app.OpenReadModel();
        Assert.Equal(2, context.Deliveries.Count());
    }

    private static void Take(string what, string file, string copy)
    {
        switch (what)
        {
            case "moved":
                File.Move(file, file + ".away");
                break;
            case "deleted":
                File.Delete(file);
                break;
            default:
                File.Move(copy, file, overwrite: true);
                break;
        }
    }
}
