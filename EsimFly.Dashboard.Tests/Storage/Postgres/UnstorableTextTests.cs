using System.Net;
using EsimFly.Dashboard.Desk.Search;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Storage.Postgres;

/// <summary>A NUL or half of a surrogate pair in what is asked for is no fault of the desk's: nothing is found.</summary>
public class UnstorableTextTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Api_AskedWithANul_AnswersNo500()
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.SettleAsync();
        string[] paths =
        [
            "/api/v1/orders?q=%00",
            "/api/v1/orders?cursor=%00",
            "/api/v1/orders/a%00b",
            "/api/v1/esims?q=8901%00",
            "/api/v1/esims/%00",
            "/api/v1/top-ups?iccid=%00",
            "/api/v1/deliveries?q=%00",
        ];
        foreach (var path in paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", DashboardApp.ApiToken);
            using var response = await app.Client.SendAsync(request, Token);
            Assert.True((int)response.StatusCode < 500, $"{path} is {response.StatusCode}");
        }

        using var hub = await app.Client.PostAsync("/hubs/live/negotiate?access_token=a%00b", content: null, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, hub.StatusCode);
    }

    [Theory]
    [InlineData("REF\0ABC")]
    [InlineData("8901\0")]
    [InlineData("REF\ud83dABC")]
    public async Task Search_ForIt_FindsNothing(string text)
    {
        await using var app = new DashboardApp();
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.SettleAsync();

        var found = await app.Get<SearchQueries>().FindAsync(await app.JoinAsync(AccountRole.Support), text, all: null, Token);

        Assert.DoesNotContain(
            found,
            group => group.Name is "Orders" && group.Hits.Any(hit => hit.Name.Contains('\0', StringComparison.Ordinal))
        );
    }
}

[OnPostgres]
public sealed class UnstorableTextOnPostgresTests : UnstorableTextTests;
