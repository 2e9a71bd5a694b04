using System.Net;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Sessions;
using EsimFly.Dashboard.Access.Tokens;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>Open pages and hub connections end with what let them in.</summary>
public sealed class LiveSessionTests
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Hub_WithoutATokenOrAccount_IsClosed()
    {
        await using var app = new DashboardApp();
        await using var nobody = Connect(app, null);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => nobody.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Hub_WhoseTokenIsRevoked_IsEnded()
    {
        await using var app = new DashboardApp(services: Impatient);
        var admin = await app.JoinAsync(AccountRole.Admin);
        var tokens = app.Get<ApiTokens>();
        await using var revoked = Connect(
            app,
            await tokens.CreateAsync(admin, "one", ApiScopes.All, lifetime: null, TestContext.Current.CancellationToken)
        );
        await using var kept = Connect(app, DashboardApp.ApiToken);
        var isClosed = new TaskCompletionSource();
        revoked.Closed += _ =>
        {
            isClosed.TrySetResult();
            return Task.CompletedTask;
        };
        await revoked.StartAsync(TestContext.Current.CancellationToken);
        await kept.StartAsync(TestContext.Current.CancellationToken);

        await tokens.RevokeAsync(
            admin,
            (await tokens.ListAsync(admin, TestContext.Current.CancellationToken)).Single(token => token.Id is not null).Id!.Value,
            TestContext.Current.CancellationToken
        );

        await isClosed.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(HubConnectionState.Connected, kept.State);
    }

    [Fact]
    public void LiveSessions_ThatAreOver_AreClosedWithinHalfAMinute()
    {
        var options = new LiveSessionOptions();

        Assert.True(options.CheckEvery + options.CloseAfter < TimeSpan.FromSeconds(30));
    }

    [Theory]
    [Trait("Needs", "Chromium")]
    [InlineData("disabled")]
    [InlineData("demoted")]
    [InlineData("signed out everywhere")]
    public async Task Page_ThatDoesNotLeaveWhenItsSessionIsOver_IsClosedByTheServer(string how)
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp(services: services =>
            services.Configure<LiveSessionOptions>(options => (options.CheckEvery, options.CloseAfter) = (Often, TimeSpan.Zero))
        );
        var admin = await app.JoinAsync(AccountRole.Admin);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var page = await browser.NewPageAsync("/orders");
        var isClosed = new TaskCompletionSource();
        page.WebSocket += (_, socket) => socket.Close += (_, _) => isClosed.TrySetResult();
        await page.GotoAsync(new Uri(app.Address, "/orders").ToString());
        await page.Locator("h1").First.WaitForAsync();
        // No content: the browser stays where it is.
        await page.RouteAsync("**/account/sign-in*", route => route.FulfillAsync(new() { Status = 204 }));

        var id = await app.IdOfAsync(People.EmailOf(AccountRole.Support));
        await (
            how switch
            {
                "disabled" => app.Get<AccountActions>().DisableAsync(admin, id, TestContext.Current.CancellationToken),
                "demoted" => app.Get<AccountActions>().SetRoleAsync(admin, id, AccountRole.Viewer, TestContext.Current.CancellationToken),
                _ => (Task)app.EndSessionsAsync(AccountRole.Support),
            }
        );

        await isClosed.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        Assert.DoesNotContain("ORD-123456", await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Needs", "Chromium")]
    public async Task Page_OfAnAccountThatIsDisabled_GoesToSignIn()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp(services: Impatient);
        await app.DeliverAsync(Signing.Sample("2025-11/order.failed"));
        await app.SettleAsync();
        var admin = await app.JoinAsync(AccountRole.Admin);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var page = await browser.OpenAsync(app.Address, "/orders?status=failed");
        await Assertions.Expect(page.GetByText("ORD-123456").First).ToBeVisibleAsync();
        var id = (await app.Get<AccountActions>().ListAsync(admin, TestContext.Current.CancellationToken))
            .Single(row => row.Role == AccountRole.Support)
            .Id;

        await app.Get<AccountActions>().DisableAsync(admin, id, TestContext.Current.CancellationToken);

        await page.WaitForURLAsync("**/account/sign-in?*");
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("Your session has ended");
        Assert.Contains(Uri.EscapeDataString("/orders?status=failed"), page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.GetByText("ORD-123456")).ToHaveCountAsync(0);
    }

    [Fact]
    [Trait("Needs", "Chromium")]
    public async Task Pages_TooManyOfOneAccount_AreRefused_AndMakeRoomAsTheyClose()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp(services: services =>
            services.Configure<LiveSessionOptions>(options => options.MaxCircuitsPerAccount = 2)
        );
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        await Eventually.IsTrueAsync(() => Count(app) == 0, "the pages of sign-in are gone");
        var first = await browser.OpenAsync(app.Address, "/orders");
        await browser.OpenAsync(app.Address, "/esims");

        var third = await browser.NewPageAsync("/balance");
        await third.GotoAsync(new Uri(app.Address, "/balance").ToString());
        await Assertions.Expect(third.Locator("#blazor-error-ui")).ToBeVisibleAsync();
        Assert.Equal(0, await third.Locator("h1").CountAsync());

        await first.CloseAsync();
        await Eventually.IsTrueAsync(() => Count(app) == 1, "a closed page is counted no longer");
        await third.ReloadAsync();
        await third.Locator("h1").First.WaitForAsync();
    }

    private static int Count(DashboardApp app) => app.Get<CircuitLimit.Counts>().Total;

    private static void Impatient(IServiceCollection services) =>
        services.Configure<LiveSessionOptions>(options => options.CheckEvery = Often);

    private static HubConnection Connect(DashboardApp app, string? token) =>
        new HubConnectionBuilder()
            .WithUrl(new Uri(app.Address, "/hubs/live"), options => options.AccessTokenProvider = () => Task.FromResult(token))
            .Build();
}
