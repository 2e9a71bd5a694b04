using System.Net;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>Signing in through an identity provider, over the wire from end to end.</summary>
public sealed class IdentityProviderTests : IAsyncLifetime
{
    private IdentityProvider provider = default!;
    private DashboardApp app = default!;

    public async ValueTask InitializeAsync()
    {
        provider = await IdentityProvider.StartAsync();
        app = new DashboardApp([
            ("Oidc:Authority", provider.Address),
            ("Oidc:ClientId", "desk"),
            ("Oidc:ClientSecret", "secret"),
            ("Oidc:RoleClaim", "groups"),
            ("Oidc:AdminValue", "esim-admins"),
            ("Oidc:SupportValue", "esim-support"),
            ("Oidc:ViewerValue", "esim-viewers"),
        ]);
        await app.JoinAsync(AccountRole.Admin);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task SignIn_MakesTheAccount_AndItsRoleFollowsTheClaim()
    {
        Say("s-1", "nora@example.com", verified: true, "other", "esim-support");
        using var browser = new FormClient(app);
        Assert.Equal("/orders", await ComeAsync(browser, "/orders"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/orders")).StatusCode);
        Assert.Equal(AccountRole.Support, (await AccountAsync("nora@example.com")).Role);

        Say("s-1", "nora@example.com", verified: true, "esim-admins");
        using var later = new FormClient(app);
        await ComeAsync(later, "/");
        Assert.Equal(AccountRole.Admin, (await AccountAsync("nora@example.com")).Role);
        Assert.Equal(HttpStatusCode.OK, (await later.GetAsync("/settings")).StatusCode);
        await using var context = app.OpenContext();
        Assert.Contains(
            AuditActions.RoleChanged,
            await context.Audit.Select(row => row.Action).ToListAsync(TestContext.Current.CancellationToken),
            StringComparer.Ordinal
        );
    }

    [Theory]
    [InlineData("s-2", "nora@example.com", true, "nothing-of-ours", "role")]
    [InlineData("s-2", "nora@example.com", false, "esim-viewers", "unverified")]
    [InlineData("s-2", "admin@example.com", false, "esim-admins", "unverified")]
    [InlineData("s-2", "", true, "esim-viewers", "email")]
    public async Task SignIn_OfWhoMayNot_LetsNobodyIn_AndSaysWhy(string subject, string email, bool verified, string group, string problem)
    {
        Say(subject, email, verified, group);
        using var browser = new FormClient(app);

        Assert.Equal($"/account/sign-in?problem={problem}", await ComeAsync(browser, "/"));

        Assert.False(browser.Cookies.ContainsKey(SessionCookie.Name));
        Assert.NotNull((await browser.PageAsync($"/account/sign-in?problem={problem}")).QuerySelector(".notice"));
        await using var context = app.OpenContext();
        Assert.Equal(1, await context.Accounts.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SignIn_AsSomebodyElsesAddress_DoesNotTakeTheAccountOver()
    {
        Say("s-1", "nora@example.com", verified: true, "esim-viewers");
        using var first = new FormClient(app);
        await ComeAsync(first, "/");
        Say("s-9", "nora@example.com", verified: true, "esim-admins");
        using var second = new FormClient(app);

        Assert.Equal("/account/sign-in?problem=other", await ComeAsync(second, "/"));
        Assert.Equal(AccountRole.Viewer, (await AccountAsync("nora@example.com")).Role);
    }

    [Fact]
    public async Task SignIn_OfTheLastAdministrator_LeavesOne()
    {
        Say("s-3", People.EmailOf(AccountRole.Admin), verified: true, "esim-viewers");
        using var browser = new FormClient(app);

        await ComeAsync(browser, "/");

        Assert.Equal(AccountRole.Admin, (await AccountAsync(People.EmailOf(AccountRole.Admin))).Role);
    }

    [Fact]
    public async Task Linking_TakesTheLocalWaysIn_UntilAnAdministratorGivesOneBack()
    {
        await app.JoinAsync(AccountRole.Support);
        var email = People.EmailOf(AccountRole.Support);
        Say("s-4", email, verified: true, "esim-support");
        using var browser = new FormClient(app);
        await ComeAsync(browser, "/");
        using var local = new FormClient(app);

        await local.SignInAsync(email, People.Password);

        Assert.False(local.Cookies.ContainsKey(SessionCookie.Name));
        using var passkey = await browser.SubmitAsync("/account", "passkey", ("Passkey.Credential", "{}"), ("Passkey.Name", "phone"));
        Assert.Contains("identity provider", await FormClient.SaysAsync(passkey), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_WithoutARoleAnyMore_EndsSessionsAndAccount_UntilThereIsOneAgain()
    {
        Say("s-1", "nora@example.com", verified: true, "esim-support");
        using var browser = new FormClient(app);
        await ComeAsync(browser, "/");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);

        Say("s-1", "nora@example.com", verified: true, "nothing-of-ours");
        using var elsewhere = new FormClient(app);
        Assert.Equal("/account/sign-in?problem=role", await ComeAsync(elsewhere, "/"));

        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/account")).StatusCode);
        Assert.NotNull((await AccountAsync("nora@example.com")).DisabledAtMs);
        Say("s-1", "nora@example.com", verified: true, "esim-viewers");
        using var back = new FormClient(app);
        Assert.Equal("/orders", await ComeAsync(back, "/orders"));
        Assert.Equal(AccountRole.Viewer, (await AccountAsync("nora@example.com")).Role);
    }

    [Fact]
    public async Task Only_RefusesPasswords_AndOffersNone()
    {
        await using var strict = new DashboardApp([
            ("Oidc:Authority", provider.Address),
            ("Oidc:ClientId", "desk"),
            ("Oidc:AdminValue", "esim-admins"),
            ("Oidc:Only", "true"),
        ]);
        await strict.JoinAsync(AccountRole.Admin);
        using var browser = new FormClient(strict);

        var page = await browser.PageAsync("/account/sign-in");

        Assert.Empty(page.QuerySelectorAll("input[type=password]"));
        await using var scope = strict.Services.CreateAsyncScope();
        var result = await scope
            .ServiceProvider.GetRequiredService<AccountSignIn>()
            .WithPasswordAsync(People.EmailOf(AccountRole.Admin), People.Password);
        Assert.True(result.IsNotAllowed);
    }

    [Fact]
    public async Task SignIn_OfADisabledAccount_LetsNobodyIn()
    {
        Say("s-1", "nora@example.com", verified: true, "esim-support");
        using var browser = new FormClient(app);
        await ComeAsync(browser, "/");
        await app.Get<AccountActions>()
            .DisableAsync(
                await app.JoinAsync(AccountRole.Admin),
                (await AccountAsync("nora@example.com")).Id,
                TestContext.Current.CancellationToken
            );
        using var again = new FormClient(app);

        Assert.Equal("/account/sign-in?problem=disabled", await ComeAsync(again, "/"));
    }

    [Fact]
    public async Task Provider_ThatIsGone_IsSaidInWords()
    {
        await provider.DisposeAsync();
        using var browser = new FormClient(app);

        using var response = await browser.GetAsync("/account/external");

        Assert.Equal("/account/sign-in?problem=unreachable", response.Headers.Location!.OriginalString);
    }

    private void Say(string subject, string email, bool verified, params string[] groups)
    {
        provider.Claims.Clear();
        (
            provider.Claims["sub"],
            provider.Claims["email"],
            provider.Claims["email_verified"],
            provider.Claims["groups"],
            provider.Claims["name"]
        ) = (subject, email, verified, groups, "Nora");
    }

    // Follows what a browser would: to the provider, back with a code, and on.
    private async Task<string> ComeAsync(FormClient browser, string returnUrl)
    {
        using var outside = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var toProvider = await browser.GetAsync("/account/external?returnUrl=" + Uri.EscapeDataString(returnUrl));
        using var back = await outside.GetAsync(toProvider.Headers.Location, TestContext.Current.CancellationToken);
        using var signed = await browser.GetAsync(back.Headers.Location!.PathAndQuery);
        using var done = await browser.GetAsync(new Uri(app.Address, signed.Headers.Location!).PathAndQuery);
        return done.Headers.Location!.OriginalString;
    }

    private async Task<AccountEntity> AccountAsync(string email)
    {
        await using var context = app.OpenContext();
        return await context.Accounts.AsNoTracking().SingleAsync(row => row.Email == email, TestContext.Current.CancellationToken);
    }
}
