using System.Net;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Intake;

/// <summary>Answers of the endpoint that do not depend on what is stored: one app for all of them.</summary>
public sealed class AnswerTableTests : IClassFixture<SharedApp>
{
    private readonly SharedApp shared;

    public AnswerTableTests(SharedApp shared) => this.shared = shared;

    public static TheoryData<string> AllSamples => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(AllSamples))]
    public async Task Post_EachSampleTwice_Is200OkInText(string sample)
    {
        for (var time = 0; time < 2; time++)
        {
            using var response = await shared.Client.SendAsync(Signing.Sample(sample), TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal("OK", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task OtherMethod_Is405WithAllow(string method)
    {
        using var response = await shared.Client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), "/webhooks/esimfly"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("Application/JSON", 200)]
    [InlineData("application/json-patch+json", 415)]
    [InlineData(null, 415)]
    public async Task Post_ContentType_MustBeJson(string? contentType, int status)
    {
        var request = Signing.Sample("2025-11/order.created");
        request.Content!.Headers.Remove("Content-Type");
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await shared.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task Post_AnyContentEncoding_Is415(string encoding)
    {
        var request = Signing.Sample("2025-11/order.created");
        request.Content!.Headers.ContentEncoding.Add(encoding);

        using var response = await shared.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }
}
