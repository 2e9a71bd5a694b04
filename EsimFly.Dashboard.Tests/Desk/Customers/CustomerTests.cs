using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using EsimFly.Dashboard.Access.Tokens;
using EsimFly.Dashboard.Desk.Customers;
using EsimFly.Dashboard.Desk.Erasure;
using EsimFly.Dashboard.Desk.Search;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Desk.Customers;

/// <summary>Customers of orders: reported or imported, sealed, found by e-mail address and shop order, erased with the order.</summary>
public sealed class CustomerTests : IAsyncLifetime
{
    private const string Email = "Nora.Customer@shop.example";
    private const string ShopOrder = "SHOP-2026/7781";

    private readonly DashboardApp app = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Customer Nora { get; } =
        new()
        {
            Name = "Nora Customer",
            Email = Email,
            ShopOrder = ShopOrder,
            Language = "ar",
        };

    public async ValueTask InitializeAsync()
    {
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("nora.customer@SHOP.example ")]
    [InlineData("shop-2026/7781")]
    [InlineData("SHOP 2026 7781")]
    public async Task Customer_ToldByTheShop_IsFoundByEmailAndShopOrder_AndByNothingInTheFile(string typed)
    {
        using var shop = await ShopAsync(ApiScopes.Write);
        using var answer = await PutAsync(shop, "REF-ABC-123", Nora);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var who = await app.JoinAsync(AccountRole.Support);

        var hit = Assert.Single(Assert.Single(await app.Get<SearchQueries>().FindAsync(who, typed, all: "Customers", Token)).Hits);

        Assert.Contains("Nora Customer", hit.Detail, StringComparison.Ordinal);
        Assert.Equal(Nora, await app.Get<CustomerActions>().FindAsync(who, ["ORD-123456", "REF-ABC-123"], isTest: false, Token));
        Assert.Empty(await app.Get<SearchQueries>().FindAsync(await app.JoinAsync(AccountRole.Viewer), typed, all: "Customers", Token));
        foreach (var file in Directory.GetFiles(app.Folder, "*.db*"))
        {
            var bytes = await ReadSharedAsync(file);
            Assert.All(
                [Email, Email.ToLowerInvariant(), "Nora", ShopOrder, ShopOrder.ToLowerInvariant(), "shop20267781"],
                part => Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(part)) < 0, $"{part} is in {Path.GetFileName(file)}")
            );
        }
    }

    [Fact]
    public async Task Put_WithoutTheScope_IsRefused_AndWhatIsWrongIsNamed()
    {
        using var reader = await ShopAsync(ApiScopes.All);
        using var refused = await PutAsync(reader, "REF-ABC-123", Nora);
        using var shop = await ShopAsync(ApiScopes.Write);
        using var wrong = await PutAsync(shop, "REF-ABC-123", Nora with { Email = "nobody", Language = "?" });
        using var reading = await shop.GetAsync("/api/v1/orders", Token);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var words = await wrong.Content.ReadAsStringAsync(Token);
        Assert.Contains("email is no", words, StringComparison.Ordinal);
        Assert.Contains("language is no", words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, reading.StatusCode);
    }

    [Fact]
    public async Task Customer_IsTakenBack_AndErasedWithTheOrder()
    {
        var who = await app.JoinAsync(AccountRole.Admin);
        var customers = app.Get<CustomerActions>();
        await customers.SetAsync(who, "REF-ABC-123", isTest: false, Nora, Token);
        await customers.SetAsync(who, "ORD-9", isTest: false, Nora, Token);
        await customers.SetAsync(who, "ORD-9", isTest: false, new Customer(), Token);
        Assert.Null(await customers.FindAsync(who, ["ORD-9"], isTest: false, Token));

        await app.Get<ErasureActions>().EraseAsync(who, isTest: false, "ORD-123456", iccid: null, Token);

        await using var log = app.OpenLog();
        Assert.Empty(await log.Customers.ToListAsync(Token));
    }

    [Fact]
    public async Task File_IsReadLineByLine_ItsErrorsNamed_TheRestImported()
    {
        var file = CustomerFile.Read(
            Encoding.UTF8.GetBytes(
                "Order;Name;Email;Shop_Order\nORD-1;\"Doe; Jane\";jane@example.com;S-1\n"
                    + ";No Order;x@example.com;S-2\nORD-3;Bad;nobody;S-3\nORD-4\n"
            ),
            Token
        );

        Assert.Equal("ORD-1 ORD-4", string.Join(' ', file.Lines.Select(line => line.Order)));
        Assert.Equal("Doe; Jane", file.Lines[0].Customer.Name);
        Assert.Equal([(3L, "order is missing."), (4L, "email is no e-mail address.")], file.Problems);
        Assert.Equal(2, file.ProblemCount);

        var who = await app.JoinAsync(AccountRole.Support);
        await app.Get<CustomerActions>().ImportAsync(who, file.Lines, new Progress<int>(), Token);
        Assert.Equal("jane@example.com", (await app.Get<CustomerActions>().FindAsync(who, ["ORD-1"], isTest: false, Token))!.Email);
    }

    [Theory]
    [InlineData("name,email\nJane,jane@example.com", "order is needed")]
    [InlineData("order,e-mail,full name\nORD-1,jane@example.com,Jane", "There is no column “e-mail”")] // or it would clear what was known
    [InlineData("", "order is needed")]
    public void File_WithoutTheRightColumns_IsRefusedWithTheKnownOnes(string text, string words)
    {
        var file = CustomerFile.Read(Encoding.UTF8.GetBytes(text), Token);

        Assert.Empty(file.Lines);
        Assert.Contains(words, Assert.Single(file.Problems).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void File_OfAnyShape_IsReadWithinBounds()
    {
        var tooLong = CustomerFile.Read(Encoding.UTF8.GetBytes($"order\n{new string('A', 12_000_000)}\nORD-2\n"), Token);
        Assert.Equal("ORD-2", Assert.Single(tooLong.Lines).Order);
        Assert.Contains("longer than 200", Assert.Single(tooLong.Problems).Why, StringComparison.Ordinal);

        var tooWide = CustomerFile.Read(Encoding.UTF8.GetBytes("order" + new string(',', 500_000) + "\nORD-1\n"), Token);
        Assert.Contains("columns", Assert.Single(tooWide.Problems).Why, StringComparison.Ordinal);

        var tooBad = CustomerFile.Read(
            Encoding.UTF8.GetBytes("order,email\n" + string.Concat(Enumerable.Repeat("ORD-1,nobody\n", 50_000))),
            Token
        );
        Assert.Equal((CustomerFile.MostProblems, 50_000), (tooBad.Problems.Count, tooBad.ProblemCount));

        Assert.Throws<OperationCanceledException>(() => CustomerFile.Read("order\nORD-1\n"u8.ToArray(), new CancellationToken(true)));
    }

    private async Task<HttpClient> ShopAsync(ApiScopes scopes)
    {
        var token = await app.Get<ApiTokens>()
            .CreateAsync(await app.JoinAsync(AccountRole.Admin), "shop", scopes, TimeSpan.FromDays(1), Token);
        var client = new HttpClient { BaseAddress = app.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string reference, Customer customer) =>
        client.PutAsJsonAsync(
            $"/api/v1/orders/{reference}/customer",
            new
            {
                name = customer.Name,
                email = customer.Email,
                shop_order = customer.ShopOrder,
                language = customer.Language,
            },
            Token
        );

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, Token);
        return memory.ToArray();
    }
}
