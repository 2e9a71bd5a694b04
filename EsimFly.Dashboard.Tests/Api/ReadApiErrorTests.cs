using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Api;

/// <summary>What the read API answers where it has nothing to give: problem documents, and 401 without a token.</summary>
public sealed class ReadApiErrorTests : IClassFixture<SharedApp>
{
    private readonly SharedApp shared;

    public ReadApiErrorTests(SharedApp shared) => this.shared = shared;

    [Theory]
    [InlineData("/api/v1/orders/NO-SUCH", 404)]
    [InlineData("/api/v1/esims/1", 404)]
    [InlineData("/api/v1/deliveries/999", 404)]
    [InlineData("/api/v1/nothing", 404)]
    [InlineData("/api/v1/orders?status=lost", 400)]
    [InlineData("/api/v1/esims?plan=3", 400)]
    [InlineData("/api/v1/deliveries?state=x", 400)]
    [InlineData("/api/v1/top-ups?status=x", 400)]
    [InlineData("/api/v1/orders?after=nonsense", 400)]
    [InlineData("/api/v1/deliveries?after=%21", 400)]
    [InlineData("/api/v1/orders?limit=many", 400)]
    [InlineData("/api/v1/orders?is_test=perhaps", 400)]
    public async Task Errors_AreProblemDocuments(string path, int status)
    {
        using var client = shared.Visitor();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DashboardApp.ApiToken);

        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(status, (int)problem["status"]!);
        Assert.NotEmpty((string)problem["title"]!);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer a-token-for-the-tests-alone-and-more")]
    [InlineData("Bearer a-token-for-the-tests-alon")]
    [InlineData("Basic YS10b2tlbi1mb3ItdGhlLXRlc3RzLWFsb25l")]
    public async Task WithoutAGoodToken_ItIs401(string? authorization)
    {
        // Only hubs take it there.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/orders?access_token=" + DashboardApp.ApiToken);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        request.Headers.Add("Accept", "text/html"); // whatever it says it accepts

        using var nobody = shared.Visitor();
        using var response = await nobody.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
