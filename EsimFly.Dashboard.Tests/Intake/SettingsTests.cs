using System.Net;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Intake;

/// <summary>What the settings of the endpoint change.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task NoSecret_WellFormedSignature_Is503WithRetryAfter()
    {
        await using var app = new DashboardApp([("ESIMFLY_WEBHOOK_SECRET", null)]);

        using var response = await app.Client.SendAsync(Signing.Sample("2025-11/order.created"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task RequireHttps_PlainHttp_Is403()
    {
        await using var app = new DashboardApp([("Webhooks:RequireHttps", "true")]);

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(app));
    }

    [Fact]
    public async Task RequireHttps_BehindAKnownProxy_TakesItsWord()
    {
        await using var app = new DashboardApp([("Webhooks:RequireHttps", "true"), ("Webhooks:KnownProxies:0", "127.0.0.1")]);

        Assert.Equal(HttpStatusCode.OK, await PostAsync(app, ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.9")));

        await app.SettleAsync();
        await using var context = app.OpenContext();
        Assert.Equal("203.0.113.9", (await context.Arrivals.SingleAsync(TestContext.Current.CancellationToken)).Address);
    }

    [Fact]
    public async Task NoKnownProxy_ForwardedHeaders_AreNotBelieved()
    {
        await using var app = new DashboardApp([("Webhooks:RequireHttps", "true")]);

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(app, ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.9")));
    }

    [Theory]
    [InlineData("Enforce", "203.0.113.0/24", HttpStatusCode.Forbidden)]
    [InlineData("Enforce", "127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("Report", "203.0.113.0/24", HttpStatusCode.OK)]
    [InlineData("Off", "203.0.113.0/24", HttpStatusCode.OK)]
    public async Task AddressPolicy_DecidesAboutOtherAddresses(string policy, string allowed, HttpStatusCode expected)
    {
        await using var app = new DashboardApp([("Webhooks:AddressPolicy", policy), ("Webhooks:AllowedAddresses:0", allowed)]);

        Assert.Equal(expected, await PostAsync(app));

        await app.SettleAsync();
        await using var context = app.OpenContext();
        var flagged = await context.Deliveries.AnyAsync(
            row => (row.Flags & DeliveryFlags.AddressNotListed) != DeliveryFlags.None,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(string.Equals(policy, "Report", StringComparison.Ordinal), flagged);
    }

    [Fact]
    public async Task DiskBelowItsFloor_Is503AndNotReady()
    {
        await using var app = new DashboardApp([
            ("Storage:MinimumFreeBytes", long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ]);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(app));
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            (await app.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode
        );
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/health/live", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task JsonDumps_SwitchedOn_IsTaken()
    {
        var body = Samples.Read("2025-11/order.created")[..^1];
        await using var app = new DashboardApp([("Webhooks:SignedForms:2", "JsonDumps")]);
        var request = Signing.Request(body);
        request.Headers.Remove("X-eSIMfly-Signature");
        request.Headers.Add("X-eSIMfly-Signature", "33b4f3d7e49c7f2c90925ffb05f3b5400da06e5f1392ef8a775091b999950188");

        await app.DeliverAsync(request);
    }

    [Fact]
    public void Problems_OddSettings_AreSentences()
    {
        var options = new WebhooksOptions { MaxBodyBytes = 1, AddressPolicy = AddressPolicy.Enforce };
        Assert.Equal(2, ProblemsOf(options).Count());

        options.AllowedAddresses.Add("300.0.0.1");
        Assert.Contains("300.0.0.1", string.Join(' ', ProblemsOf(options)), StringComparison.Ordinal);
    }

    private static IEnumerable<string> ProblemsOf(WebhooksOptions options) =>
        new WebhooksOptionsValidator().Validate(name: null, options).Failures ?? [];

    private static async Task<HttpStatusCode> PostAsync(DashboardApp app, params (string Name, string Value)[] headers)
    {
        var request = Signing.Sample("2025-11/order.created");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
