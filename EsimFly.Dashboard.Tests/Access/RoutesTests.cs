using System.Net;
using System.Net.Http.Headers;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>
/// Every route that the application has, asked for by nobody, by each role and by a token. A new one must be named here first.
/// </summary>
public sealed class RoutesTests
{
    private static readonly Dictionary<string, Least> Table = new(StringComparer.Ordinal)
    {
        ["/health/live"] = Least.Nobody,
        ["/health/ready"] = Least.Nobody,
        ["/webhooks/esimfly"] = Least.Nobody, // those who sign
        ["/openapi/v1.json"] = Least.Nobody,
        ["{**path:file}"] = Least.Nobody, // static files
        ["/problem/{Code:int}"] = Least.Nobody,
        ["/setup"] = Least.Nobody,
        ["/account/sign-in"] = Least.Nobody,
        ["/account/sign-out"] = Least.Nobody,
        ["/account/two-step"] = Least.Nobody,
        ["/account/link"] = Least.Nobody,
        ["/not-for-your-role"] = Least.Viewer,
        ["/account/passkeys/request-options"] = Least.Nobody,
        ["/account"] = Least.Viewer,
        ["/account/alive"] = Least.Viewer,
        ["/account/two-step-setup"] = Least.Viewer,
        ["/account/passkeys/creation-options"] = Least.Viewer,
        ["/"] = Least.Viewer,
        ["/orders"] = Least.Viewer,
        ["/orders/{*Key}"] = Least.Viewer,
        ["/esims"] = Least.Viewer,
        ["/esims/{*Iccid}"] = Least.Viewer,
        ["/balance"] = Least.Viewer,
        ["/settings/esimfly"] = Least.Admin,
        ["/settings/texts"] = Least.Admin,
        ["/wall"] = Least.Viewer,
        ["/cases"] = Least.Viewer,
        ["/customers/import"] = Least.Support,
        ["/deliveries"] = Least.Viewer,
        ["/deliveries/{Seq:long}"] = Least.Viewer,
        ["/deliveries/rejected"] = Least.Viewer,
        ["/deliveries/rejected/{Id:long}"] = Least.Viewer,
        ["/deliveries/retries"] = Least.Viewer,
        ["/deliveries/missing"] = Least.Viewer,
        ["/not-found"] = Least.Viewer,
        ["/_blazor"] = Least.Viewer,
        ["/_blazor/negotiate"] = Least.Viewer,
        ["/_blazor/disconnect/"] = Least.Viewer,
        ["/_blazor/initializers/"] = Least.Viewer,
        ["/_framework/opaque-redirect"] = Least.Viewer,
        ["/settings"] = Least.Admin,
        ["/top-ups"] = Least.Viewer,
        ["/health"] = Least.Viewer,
        ["/alerts"] = Least.Viewer,
        ["/orders.csv"] = Least.Viewer,
        ["/top-ups.csv"] = Least.Viewer,
        ["/alerts.csv"] = Least.Viewer,
        ["/deliveries/retries.csv"] = Least.Viewer,
        ["/deliveries/missing.csv"] = Least.Viewer,
        ["/deliveries/rejected.csv"] = Least.Viewer,
        ["/esims.csv"] = Least.Viewer,
        ["/deliveries.csv"] = Least.Viewer,
        ["/settings/thresholds"] = Least.Admin,
        ["/simulator"] = Least.Support,
        ["/deliveries/rebuild"] = Least.Admin,
        ["/settings/about"] = Least.Admin,
        ["/settings/data"] = Least.Admin,
        ["/erase"] = Least.Admin,
        ["/settings/users"] = Least.Admin,
        ["/settings/tokens"] = Least.Admin,
        ["/settings/audit"] = Least.Admin,
        ["/settings/audit.csv"] = Least.Admin,
        ["/hubs/live"] = Least.ViewerOrToken,
        ["/hubs/live/negotiate"] = Least.ViewerOrToken,
        ["/api/v1/orders"] = Least.Token,
        ["/api/v1/orders/{**idOrReference}"] = Least.Token,
        ["/api/v1/orders/{reference}/customer"] = Least.Writer, // see CustomerTests
        ["/api/v1/esims"] = Least.Token,
        ["/api/v1/esims/{iccid}"] = Least.Token,
        ["/api/v1/top-ups"] = Least.Token,
        ["/api/v1/balance"] = Least.Token,
        ["/api/v1/deliveries"] = Least.Token,
        ["/api/v1/deliveries/{id:long}"] = Least.Token,
        ["/api/v1/stats"] = Least.Token,
        ["/api/v1/{**rest}"] = Least.Token,
    };

    private enum Least
    {
        Nobody,
        Viewer,
        Support,
        Admin,
        Token,
        ViewerOrToken,
        Writer,
    }

    [Fact]
    public async Task EveryRoute_IsForThoseInTheTable_AndForNobodyElse()
    {
        await using var app = new DashboardApp();
        var endpoints = app
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .ToList();
        Assert.Equal(
            Table.Keys.Order(StringComparer.Ordinal),
            endpoints.Select(endpoint => endpoint.RoutePattern.RawText!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );

        var admin = await app.SignInAsync(AccountRole.Admin);
        var support = await app.SignInAsync(AccountRole.Support);
        var viewer = await app.SignInAsync(AccountRole.Viewer);
        var nobody = app.Visitor();
        var token = app.Visitor();
        token.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DashboardApp.ApiToken);
        foreach (var endpoint in endpoints)
        {
            var least = Table[endpoint.RoutePattern.RawText!];
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
            {
                await CheckAsync(endpoint, method, "nobody", nobody, least is Least.Nobody);
                await CheckAsync(endpoint, method, "a viewer", viewer, least is Least.Nobody or Least.Viewer or Least.ViewerOrToken);
                await CheckAsync(
                    endpoint,
                    method,
                    "support",
                    support,
                    least is Least.Nobody or Least.Viewer or Least.Support or Least.ViewerOrToken
                );
                await CheckAsync(
                    endpoint,
                    method,
                    "an administrator",
                    admin,
                    least is Least.Nobody or Least.Viewer or Least.Support or Least.Admin or Least.ViewerOrToken
                );
                await CheckAsync(endpoint, method, "a token", token, least is Least.Nobody or Least.Token or Least.ViewerOrToken);
            }
        }

        foreach (var client in new[] { admin, support, viewer, nobody, token })
        {
            client.Dispose();
        }
    }

    [Fact]
    public async Task StaticFiles_AndNothingElse_BesideTheTable_AreOpen()
    {
        await using var app = new DashboardApp();
        var open = app
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                && endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null
            )
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.NotEmpty(open);
        Assert.All(open, pattern => Assert.Equal(Least.Nobody, Table[pattern]));
    }

    private static async Task CheckAsync(RouteEndpoint endpoint, string method, string who, HttpClient client, bool isAllowed)
    {
        var path = endpoint.RoutePattern.RawText! switch
        {
            "{**path:file}" => "/favicon.svg",
            var pattern => System.Text.RegularExpressions.Regex.Replace(
                pattern.Replace("{documentName}", "v1", StringComparison.Ordinal),
                @"\{[^}]+\}",
                "1",
                System.Text.RegularExpressions.RegexOptions.None,
                TimeSpan.FromSeconds(1)
            ),
        };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        var to = response.Headers.Location?.OriginalString ?? "";
        var isRefused =
            response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            || (
                response.StatusCode == HttpStatusCode.Found
                && (
                    to.Contains("/account/sign-in?returnUrl", StringComparison.Ordinal)
                    || to.Contains("/not-for-your-role", StringComparison.Ordinal)
                )
            );
        if (path is "/webhooks/esimfly")
        {
            isRefused = false; // its 401 is about signatures, and has its own tests
        }

        var expected = isAllowed ? "should have been let in" : "should have been refused";
        Assert.True(isRefused != isAllowed, $"{method} {path} by {who} was answered {(int)response.StatusCode} {to}, and {expected}.");
        Assert.True((int)response.StatusCode != 500, $"{method} {path} by {who} was answered 500.");
    }
}
