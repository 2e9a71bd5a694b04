using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using EsimFly.Dashboard.Access.Tokens;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Api;

/// <summary>The read API over the wire: shapes, pages, filters, errors, and its OpenAPI document against all of these.</summary>
public class ReadApiTests : IAsyncLifetime
{
    private readonly DashboardApp app = new();
    private HttpClient client = default!;

    public async ValueTask InitializeAsync()
    {
        client = app.Visitor();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DashboardApp.ApiToken);
        foreach (var sample in Samples.Names)
        {
            await app.DeliverAsync(Signing.Sample(sample));
        }

        await app.SettleAsync();
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return app.DisposeAsync();
    }

    [Theory]
    [InlineData("ORD-123456")]
    [InlineData("REF-ABC-123")]
    public async Task Order_ByIdOrReference_HasTheShapeThatOthersRelyOn(string key)
    {
        var order = await GetAsync($"/api/v1/orders/{key}");

        Assert.Equal(
            "order_id, order_reference, status, package_code, package_name, quantity, amount, currency, error_code, error_message, "
                + "can_retry, created_at, completed_at, failed_at, observed_at, is_test, flags, esims",
            FieldsOf(order)
        );
        Assert.Equal("ORD-123456", (string?)order["order_id"]);
        Assert.Equal("REF-ABC-123", (string?)order["order_reference"]);
        Assert.Equal("completed", (string?)order["status"]);
        Assert.Equal(5.50m, (decimal?)order["amount"]);
        Assert.Equal("USD", (string?)order["currency"]);
        Assert.Equal("2025-01-16T10:30:00Z", (string?)order["created_at"]);
        Assert.False((bool)order["is_test"]!);
        Assert.Equal("8901234567890123456", (string?)order["esims"]![0]!["iccid"]);
        Assert.Equal("expired", (string?)order["esims"]![0]!["plan_status"]);
    }

    [Fact]
    public async Task Esim_HasTheShapeThatOthersRelyOn()
    {
        var esim = await GetAsync("/api/v1/esims/8901234567890123456");

        Assert.Equal(
            "iccid, plan_status, profile_status, package_code, package_name, order_id, order_reference, activated_at, expires_at, "
                + "expired_at, data_used_gb, data_total_gb, usage_as_of, observed_at, is_test, flags, top_ups",
            FieldsOf(esim)
        );
        Assert.Equal("ORD-123456", (string?)esim["order_id"]);
        Assert.NotEmpty(esim["top_ups"]!.AsArray());
        Assert.Equal("not_installed", JsonNamingPolicy.SnakeCaseLower.ConvertName(nameof(ProfileStatus.NotInstalled)));
    }

    [Fact]
    public async Task Balance_Deliveries_AndStats_HaveTheirShapes()
    {
        var balance = await GetAsync("/api/v1/balance");
        Assert.Equal("current_balance, threshold, currency, is_low, as_of, from_api", FieldsOf(balance));
        Assert.Equal((15.50m, 20m, true), ((decimal)balance["current_balance"]!, (decimal)balance["threshold"]!, (bool)balance["is_low"]!));

        var deliveries = await GetAsync("/api/v1/deliveries?event=order.created");
        var delivery = Assert.Single(deliveries["items"]!.AsArray())!;
        Assert.Equal(
            "id, delivery_id, event, contract, signed_form, state, received_at, processed_at, arrivals, duplicates, flags, error, is_test",
            FieldsOf(delivery)
        );
        Assert.Equal(
            ("order.created", "2025-11", "raw_body", "processed"),
            ((string?)delivery["event"], (string?)delivery["contract"], (string?)delivery["signed_form"], (string?)delivery["state"])
        );

        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        var stats = await GetAsync("/api/v1/stats");
        Assert.Equal((13, 13, 0, 1), ((int)stats["received"]!, (int)stats["processed"]!, (int)stats["failed"]!, (int)stats["duplicates"]!));
        Assert.True((long)stats["p99_process_ms"]! >= (long)stats["p50_process_ms"]!);
        foreach (var field in new[] { "quarantined", "dead", "rejected", "average_process_ms", "p95_process_ms", "backlog" })
        {
            Assert.True(stats.AsObject().ContainsKey(field), field);
        }
    }

    [Fact]
    public async Task Lists_ArePagedByKey_ToTheLastRow_EachOnce()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 25)
                .Select(i =>
                    app.DeliverAsync(
                        Signing.Request(
                            Samples.With(
                                "2025-11/order.completed",
                                data =>
                                {
                                    data["order_id"] = $"P|{i:00}";
                                    data["order_reference"] = $"R-{i:00}";
                                    data["esims"]![0]!["iccid"] = $"89000000000000000{i:00}";
                                }
                            )
                        )
                    )
                )
        );
        await app.SettleAsync();
        await using var context = app.OpenContext();
        foreach (
            var (path, key, total) in new[]
            {
                ("/api/v1/orders", "order_id", await context.Orders.CountAsync(TestContext.Current.CancellationToken)),
                ("/api/v1/esims", "iccid", await context.Esims.CountAsync(TestContext.Current.CancellationToken)),
                ("/api/v1/deliveries", "id", await context.Deliveries.CountAsync(TestContext.Current.CancellationToken)),
                ("/api/v1/top-ups", "id", await context.TopUps.CountAsync(TestContext.Current.CancellationToken)),
            }
        )
        {
            var seen = new List<string>();
            string? after = null;
            do
            {
                var page = await GetAsync($"{path}?limit=7{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}");
                seen.AddRange(page["items"]!.AsArray().Select(item => (item![key] ?? item["order_reference"])!.ToString()));
                after = (string?)page["next_cursor"];
            } while (after is not null);

            Assert.Equal(total, seen.Count);
            Assert.Equal(total, seen.Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Fact]
    public async Task Filters_AreThoseOfThePages()
    {
        var completed = await ItemsAsync("/api/v1/orders?status=completed");
        Assert.NotEmpty(completed);
        Assert.All(completed, order => Assert.Equal("completed", (string?)order!["status"]));
        Assert.Equal("ORD-123456", (string?)Assert.Single(await ItemsAsync("/api/v1/orders?q=ord%20123"))!["order_id"]);
        Assert.Equal("8901234567890123456", (string?)Assert.Single(await ItemsAsync("/api/v1/esims?q=3456"))!["iccid"]);
        var expired = await ItemsAsync("/api/v1/esims?plan=expired");
        Assert.NotEmpty(expired);
        Assert.All(expired, esim => Assert.Equal("expired", (string?)esim!["plan_status"]));
        Assert.Equal("failed", (string?)Assert.Single(await ItemsAsync("/api/v1/top-ups?status=failed"))!["status"]);
        Assert.Empty(await ItemsAsync("/api/v1/deliveries?state=dead"));
        Assert.Empty(await ItemsAsync("/api/v1/orders?is_test=true"));
    }

    [Fact]
    public async Task TestData_IsMarked_AndOutOfTheStats()
    {
        await app.Get<ReadModelWriter>()
            .WriteAsync(
                transaction => transaction.Execute("""UPDATE "Orders" SET "IsTest" = TRUE WHERE "OrderId" = 'ORD-123456'"""),
                TestContext.Current.CancellationToken
            );
        await app.Get<ReadModelWriter>()
            .WriteAsync(
                transaction => transaction.Execute("""UPDATE "Deliveries" SET "IsTest" = TRUE"""),
                TestContext.Current.CancellationToken
            );
        await app.Get<ReadModelWriter>()
            .WriteAsync(
                transaction => transaction.Execute("""UPDATE "MinuteTallies" SET "IsTest" = TRUE"""),
                TestContext.Current.CancellationToken
            );

        Assert.True((bool)(await GetAsync("/api/v1/orders/ORD-123456"))["is_test"]!);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await client.GetAsync("/api/v1/orders/ORD-123456?is_test=false", TestContext.Current.CancellationToken)).StatusCode
        );
        Assert.Equal(0, (int)(await GetAsync("/api/v1/stats"))["received"]!);
    }

    [Fact]
    public async Task Token_OfAnotherScope_IsRefused_AndOneThatHasEndedIsNotKnown()
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        var tokens = app.Get<ApiTokens>();
        var token = TestContext.Current.CancellationToken;
        var listens = await tokens.CreateAsync(admin, "listens", ApiScopes.Live, lifetime: null, token);
        var ended = await tokens.CreateAsync(admin, "ended", ApiScopes.All, TimeSpan.FromMilliseconds(-1), token);

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(listens));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(ended));
        var row = (await tokens.ListAsync(admin, token)).Single(row => string.Equals(row.Name, "ended", StringComparison.Ordinal));
        Assert.False(await tokens.IsGoodAsync(row.Id!.Value, token)); // open connections end too

        async Task<HttpStatusCode> StatusAsync(string text)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/balance");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", text);
            using var response = await client.SendAsync(request, token);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Answers_AreNotKeptByCaches()
    {
        using var response = await client.GetAsync("/api/v1/balance", TestContext.Current.CancellationToken);

        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Token_MadeInSettings_ReadsUntilRevoked_AndIsStoredAsAHash()
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        var tokens = app.Get<ApiTokens>();
        var text = await tokens.CreateAsync(
            admin,
            "wall board",
            ApiScopes.Read,
            TimeSpan.FromDays(1),
            TestContext.Current.CancellationToken
        );
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", text);
        await GetAsync("/api/v1/balance");
        var row = (await tokens.ListAsync(admin, TestContext.Current.CancellationToken)).Single(token => token.Id is not null);
        Assert.NotNull(row.LastUsedAtMs);
        await using (var context = app.OpenContext())
        {
            var stored = await context.ApiTokens.AsNoTracking().SingleAsync(TestContext.Current.CancellationToken);
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)), stored.Hash);
            Assert.DoesNotContain(
                text[stored.Prefix.Length..],
                string.Join(' ', stored.Name, stored.Prefix, stored.CreatedBy),
                StringComparison.Ordinal
            );
        }

        await tokens.RevokeAsync(admin, row.Id!.Value, TestContext.Current.CancellationToken);

        using var refused = await client.GetAsync("/api/v1/balance", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task OpenApi_DescribesEveryEndpoint_AndEveryAnswerFitsIt()
    {
        var document = JsonNode.Parse(await app.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!;
        var paths = document["paths"]!.AsObject();
        Assert.Equal(
            "/api/v1/balance /api/v1/deliveries /api/v1/deliveries/{id} /api/v1/esims /api/v1/esims/{iccid} /api/v1/orders "
                + "/api/v1/orders/{idOrReference} /api/v1/orders/{reference}/customer /api/v1/stats /api/v1/top-ups",
            string.Join(' ', paths.Select(path => path.Key).Order(StringComparer.Ordinal))
        );
        Assert.Equal("bearer", (string?)document["components"]!["securitySchemes"]!["api_token"]!["scheme"]);
        foreach (var (path, item) in paths.Where(path => path.Value!["get"] is not null))
        {
            var address = path.Replace("{id}", "1", StringComparison.Ordinal)
                .Replace("{iccid}", "8901234567890123456", StringComparison.Ordinal)
                .Replace("{idOrReference}", "ORD-123456", StringComparison.Ordinal);
            var schema = item!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;

            var checkedValues = new SchemaCheck(document).Check(schema, await GetAsync(address), path);

            Assert.True(checkedValues > 3, $"{path}: only {checkedValues} values were checked.");
        }
    }

    private static string FieldsOf(JsonNode node) => string.Join(", ", node.AsObject().Select(field => field.Key));

    private async Task<JsonNode> GetAsync(string path)
    {
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    private async Task<JsonArray> ItemsAsync(string path) => (await GetAsync(path))["items"]!.AsArray();
}
