using System.Net;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk;

/// <summary>What is not there, and what is not for one's role, says so within the desk.</summary>
public sealed class ProblemPageTests
{
    [Fact]
    public async Task Unknown_IsALivePageForThoseWhoAreIn_AndTheDoorForOthers()
    {
        await using var app = new DashboardApp();
        using var viewer = await app.SignInAsync(AccountRole.Viewer);
        using var nobody = app.Visitor();

        var (seen, live) = await AskAsync(viewer, "/nowhere/at/all");
        var (answer, _) = await AskAsync(nobody, "/nowhere/at/all");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Found), (seen, answer));
        Assert.Contains("blazor.web", live, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotForTheRole_IsALivePage()
    {
        await using var app = new DashboardApp();
        using var viewer = await app.SignInAsync(AccountRole.Viewer);

        var (status, page) = await AskAsync(viewer, "/not-for-your-role");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("blazor.web", page, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
