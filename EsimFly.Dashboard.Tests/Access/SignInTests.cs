using System.Net;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>Signing in and out by the real forms, and what a stranger meets there.</summary>
public sealed class SignInTests : IAsyncDisposable
{
    private static readonly string Viewer = People.EmailOf(AccountRole.Viewer);

    private readonly DashboardApp app = new();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task SignIn_WithTheRightPassword_SetsAHardenedCookieAndIsRecorded()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);

        using var response = await browser.SignInAsync(Viewer, People.Password, "/account/sign-in?returnUrl=%2Forders");

        Assert.Equal("/orders", FormClient.To(response));
        var cookie = browser.Set.Single(item => item.Name == SessionCookie.Name);
        Assert.StartsWith("__Host-", SessionCookie.Name, StringComparison.Ordinal);
        Assert.True(cookie.Secure && cookie.HttpOnly);
        Assert.Equal(Microsoft.Net.Http.Headers.SameSiteMode.Lax, cookie.SameSite);
        Assert.Equal("/", cookie.Path.ToString());
        Assert.False(cookie.Domain.HasValue);
        Assert.Null(cookie.Expires); // ends with the browser
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/orders")).StatusCode);
        Assert.Contains((AuditActions.SignedIn, Viewer), await app.AuditAsync());
    }

    [Fact]
    public async Task SignIn_WrongPassword_AndUnknownAddress_SayTheSame()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);

        var wrong = await FormClient.SaysAsync(await browser.SignInAsync(Viewer, "not the password at all"));
        var unknown = await FormClient.SaysAsync(await browser.SignInAsync("who@example.com", "not the password at all"));

        Assert.Contains("did not let you in", wrong, StringComparison.Ordinal);
        Assert.Equal(wrong, unknown);
        Assert.False(browser.Cookies.ContainsKey(SessionCookie.Name));
    }

    [Fact]
    public async Task SignIn_FiveWrongPasswords_CloseTheAccountToThatAddress_AndToNoOther()
    {
        await using var desk = new DashboardApp([("Webhooks:KnownProxies:0", "127.0.0.1")]);
        await desk.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(desk) { ForwardedFor = "2001:db8::1" };
        for (var i = 0; i < 5; i++)
        {
            await browser.SignInAsync(Viewer, $"wrong password {i}");
        }

        var answer = await FormClient.SaysAsync(await browser.SignInAsync(Viewer, People.Password));

        // Not even that it is there.
        Assert.Equal(await FormClient.SaysAsync(await browser.SignInAsync("who@example.com", People.Password)), answer);
        Assert.Single(await desk.AuditAsync(), (AuditActions.LockedOut, Viewer));
        using var neighbour = new FormClient(desk) { ForwardedFor = "2001:db8::ffff:1" }; // the same /64
        Assert.Contains(
            "did not let you in",
            await FormClient.SaysAsync(await neighbour.SignInAsync(Viewer, People.Password)),
            StringComparison.Ordinal
        );
        using var owner = new FormClient(desk) { ForwardedFor = "2001:db8:0:1::1" };
        Assert.Equal(desk.Address, (await owner.SignInAsync(Viewer, People.Password)).Headers.Location);
        var row = (
            await desk.Get<AccountActions>().ListAsync(await desk.JoinAsync(AccountRole.Admin), TestContext.Current.CancellationToken)
        ).Single(row => row.Role == AccountRole.Viewer);
        Assert.InRange(row.LockedUntilMs!.Value - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 270_000, 300_000);
    }

    [Fact]
    public async Task SignIn_ManyTriesFromOneAddress_AreSlowedDown()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        var last = await browser.GetAsync("/account/sign-in");
        for (var i = 0; i < 40 && last.StatusCode != HttpStatusCode.TooManyRequests; i++)
        {
            last = await browser.SignInAsync($"who{i}@example.com", "not the password at all");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.Contains("Too many tries", (await FormClient.ReadAsync(last)).Body!.TextContent, StringComparison.Ordinal);
        await app.DeliverAsync(Signing.Sample("2025-11/order.created")); // never those who sign
    }

    [Fact]
    public async Task SignIn_OfADisabledAccount_IsRefused()
    {
        await app.JoinAsync(AccountRole.Viewer);
        await app.Get<AccountActions>()
            .DisableAsync(await app.JoinAsync(AccountRole.Admin), await app.IdOfAsync(Viewer), TestContext.Current.CancellationToken);
        using var browser = new FormClient(app);

        Assert.Contains(
            "did not let you in",
            await FormClient.SaysAsync(await browser.SignInAsync(Viewer, People.Password)),
            StringComparison.Ordinal
        );
        Assert.False(browser.Cookies.ContainsKey(SessionCookie.Name));
    }

    [Fact]
    public async Task SignIn_WrongPasswordsAllAtOnce_CountEachTowardsTheLockout()
    {
        await app.JoinAsync(AccountRole.Viewer);
        var form = new FormClient(app);
        var page = await form.PageAsync("/account/sign-in");
        var fields = page.QuerySelectorAll("form")[0]
            .QuerySelectorAll("input[type=hidden]")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "", StringComparer.Ordinal);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i =>
                    form.SendAsync(
                        new HttpRequestMessage(HttpMethod.Post, "/account/sign-in")
                        {
                            Content = new FormUrlEncodedContent(
                                fields
                                    .Append(new("Input.Email", Viewer))
                                    .Append(new("Input.Password", i == 11 ? People.Password : $"wrong {i}"))
                            ),
                        }
                    )
                )
        );

        Assert.DoesNotContain(answers, answer => answer.StatusCode == HttpStatusCode.InternalServerError);
        Assert.Single(await app.AuditAsync(), entry => entry == (AuditActions.LockedOut, Viewer)); // the first five count, the rest meet it
        form.Dispose();
    }

    [Theory]
    [InlineData("/account/sign-in?ended=x")]
    [InlineData("/account/sign-in?problem=x&returnUrl=%2F%C3%B6")]
    [InlineData("/account/two-step?recovery=x")]
    [InlineData("/account/link?code=1.x")]
    [InlineData("/setup?code=99999999999999999999.x")]
    public async Task Address_WithNonsense_IsNoFaultOfOurs(string path)
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);

        Assert.InRange((int)(await browser.GetAsync(path)).StatusCode, 200, 399);
        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync("/account/sign-in", "passkey", ("Passkey.Credential", ""))).StatusCode);
        Assert.Equal(
            HttpStatusCode.OK,
            (await browser.SubmitAsync("/account/sign-in", "passkey", ("Passkey.Credential", "{}"))).StatusCode
        );
    }

    [Fact]
    public async Task Profile_PresentPassword_CannotBeGuessedFromASession()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        await browser.SignInAsync(Viewer, People.Password);
        for (var i = 0; i < 5; i++)
        {
            await browser.SubmitAsync(
                "/account",
                "password",
                ("Password.Present", $"guess {i}"),
                ("Password.New", "another long password"),
                ("Password.Again", "another long password")
            );
        }

        var answer = await FormClient.SaysAsync(
            await browser.SubmitAsync(
                "/account",
                "password",
                ("Password.Present", People.Password),
                ("Password.New", "another long password"),
                ("Password.Again", "another long password")
            )
        );

        Assert.Contains("not your current password", answer, StringComparison.Ordinal);
        Assert.Contains((AuditActions.LockedOut, Viewer), await app.AuditAsync());
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task SignIn_WithAWayOut_LeadsToTheOverview(string returnUrl)
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);

        using var response = await browser.SignInAsync(
            Viewer,
            People.Password,
            "/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl)
        );

        Assert.Equal(app.Address, response.Headers.Location);
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_IsRefused()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["_handler"] = "password",
            ["Input.Email"] = Viewer,
            ["Input.Password"] = People.Password,
        };

        using var response = await browser.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/account/sign-in") { Content = new FormUrlEncodedContent(values) }
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(browser.Cookies.ContainsKey(SessionCookie.Name));
    }

    [Fact]
    public async Task SignOut_EndsTheCookie()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        await browser.SignInAsync(Viewer, People.Password);

        var copied = browser.Cookies[SessionCookie.Name];

        await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/account/sign-out"));

        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/orders")).StatusCode);
        browser.Cookies[SessionCookie.Name] = copied;
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/account")).StatusCode); // nor does a copy of the cookie open anything
        Assert.Contains(await app.AuditAsync(), entry => string.Equals(entry.Action, AuditActions.SignedOut, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Profile_Name_IsSavedAndShown()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        await browser.SignInAsync(Viewer, People.Password);

        using var response = await browser.SubmitAsync("/account", "name", ("Name.Name", "Vera"));

        Assert.Equal("/account?done=name", FormClient.To(response));
        Assert.Equal("Vera", (await browser.PageAsync("/account")).QuerySelector("#field-what-the-desk-calls-you")!.GetAttribute("value"));
    }
}
