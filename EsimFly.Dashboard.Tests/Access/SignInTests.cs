using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>Signing in by the real forms, and how sessions end.</summary>
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

        Assert.Equal("/orders", To(response));
        var cookie = browser.Set.Single(item => item.Name == SessionCookie.Name);
        Assert.StartsWith("__Host-", SessionCookie.Name, StringComparison.Ordinal);
        Assert.True(cookie.Secure && cookie.HttpOnly);
        Assert.Equal(Microsoft.Net.Http.Headers.SameSiteMode.Lax, cookie.SameSite);
        Assert.Equal("/", cookie.Path.ToString());
        Assert.False(cookie.Domain.HasValue);
        Assert.Null(cookie.Expires); // ends with the browser
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/orders")).StatusCode);
        Assert.Contains((AuditActions.SignedIn, Viewer), await AuditAsync());
    }

    [Fact]
    public async Task SignIn_WrongPassword_AndUnknownAddress_SayTheSame()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);

        var wrong = await SaysAsync(await browser.SignInAsync(Viewer, "not the password at all"));
        var unknown = await SaysAsync(await browser.SignInAsync("who@example.com", "not the password at all"));

        Assert.Contains("did not let you in", wrong, StringComparison.Ordinal);
        Assert.Equal(wrong, unknown);
        Assert.False(browser.Cookies.ContainsKey(SessionCookie.Name));
    }

    [Fact]
    public async Task SignIn_FiveWrongPasswords_LockTheAccount_EvenForTheRightOne()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        for (var i = 0; i < 5; i++)
        {
            await browser.SignInAsync(Viewer, $"wrong password {i}");
        }

        var said = await SaysAsync(await browser.SignInAsync(Viewer, People.Password));

        Assert.Equal(await SaysAsync(await browser.SignInAsync("who@example.com", People.Password)), said); // not even that it is there
        Assert.Single(await AuditAsync(), (AuditActions.LockedOut, Viewer));
        await using var context = app.OpenContext();
        var until = (await context.Accounts.SingleAsync(row => row.Email == Viewer, TestContext.Current.CancellationToken)).LockoutEnd!.Value;
        Assert.InRange((until - DateTimeOffset.UtcNow).TotalMinutes, 4.5, 5);
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
        await app.Get<Accounts>().DisableAsync(await app.JoinAsync(AccountRole.Admin), await IdOfAsync(Viewer), TestContext.Current.CancellationToken);
        using var browser = new FormClient(app);

        Assert.Contains("did not let you in", await SaysAsync(await browser.SignInAsync(Viewer, People.Password)), StringComparison.Ordinal);
        Assert.False(browser.Cookies.ContainsKey(SessionCookie.Name));
    }

    [Fact]
    public async Task SignIn_WrongPasswordsAllAtOnce_CountEachTowardsTheLockout()
    {
        await app.JoinAsync(AccountRole.Viewer);
        var form = new FormClient(app);
        var page = await form.PageAsync("/account/sign-in");
        var fields = page.QuerySelectorAll("form")[0].QuerySelectorAll("input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "", StringComparer.Ordinal);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => form.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/account/sign-in")
        {
            Content = new FormUrlEncodedContent(fields.Append(new("Input.Email", Viewer)).Append(new("Input.Password", i == 11 ? People.Password : $"wrong {i}"))),
        })));

        Assert.DoesNotContain(answers, answer => answer.StatusCode == HttpStatusCode.InternalServerError);
        await using var context = app.OpenContext();
        Assert.True((await context.Accounts.SingleAsync(row => row.Email == Viewer, TestContext.Current.CancellationToken)).LockoutEnd > DateTimeOffset.UtcNow);
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
        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync("/account/sign-in", "passkey", ("Passkey.Credential", "{}"))).StatusCode);
    }

    [Theory]
    [InlineData("/no/such/page", "There is no such page")]
    [InlineData("/orders", null)]
    public async Task Page_ThatIsNotThere_SaysSo(string path, string? words)
    {
        using var client = await app.SignInAsync(AccountRole.Viewer);
        client.DefaultRequestHeaders.Add("Accept", "text/html");

        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(words is null ? HttpStatusCode.OK : HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(words ?? "blazor.web", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_PresentPassword_CannotBeGuessedFromASession()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        await browser.SignInAsync(Viewer, People.Password);
        for (var i = 0; i < 5; i++)
        {
            await browser.SubmitAsync("/account", "password", ("Password.Present", $"guess {i}"), ("Password.New", "another long password"), ("Password.Again", "another long password"));
        }

        var said = await SaysAsync(await browser.SubmitAsync(
            "/account", "password", ("Password.Present", People.Password), ("Password.New", "another long password"), ("Password.Again", "another long password")));

        Assert.Contains("not your present password", said, StringComparison.Ordinal);
        Assert.Contains((AuditActions.LockedOut, Viewer), await AuditAsync());
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

        using var response = await browser.SignInAsync(Viewer, People.Password, "/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl));

        Assert.Equal(app.Address, response.Headers.Location);
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_IsRefused()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["_handler"] = "password", ["Input.Email"] = Viewer, ["Input.Password"] = People.Password };

        using var response = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/account/sign-in") { Content = new FormUrlEncodedContent(values) });

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
        Assert.Contains(await AuditAsync(), entry => string.Equals(entry.Action, AuditActions.SignedOut, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(29, 10, true)]
    [InlineData(31, 10, false)]
    [InlineData(5, 479, true)]
    [InlineData(5, 481, false)]
    public async Task Session_LastsHalfAnHourIdle_AndEightHoursInAll(int idleMinutes, int ageMinutes, bool isGood)
    {
        var who = await app.JoinAsync(AccountRole.Viewer);
        var now = DateTimeOffset.UtcNow;
        var properties = new AuthenticationProperties { IssuedUtc = now.AddMinutes(-idleMinutes), ExpiresUtc = now.AddMinutes(-idleMinutes) + SessionCookie.Idle };
        properties.Items[SessionCookie.SignedInItem] = now.AddMinutes(-Math.Max(ageMinutes, idleMinutes)).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var format = app.Get<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme).TicketDataFormat;
        using var browser = new FormClient(app);
        browser.Cookies[SessionCookie.Name] = format.Protect(new AuthenticationTicket(who, properties, IdentityConstants.ApplicationScheme));

        var response = await browser.GetAsync("/orders");

        Assert.Equal(isGood ? HttpStatusCode.OK : HttpStatusCode.Found, response.StatusCode);
    }

    [Theory]
    [InlineData("role")]
    [InlineData("disable")]
    [InlineData("password")]
    public async Task Session_OfAnAccountThatChanged_EndsWithinAMinute(string change)
    {
        var who = await app.JoinAsync(AccountRole.Support);
        using var browser = new FormClient(app);
        browser.Cookies[SessionCookie.Name] = Ticket(who, issuedSecondsAgo: 61);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/orders")).StatusCode);
        var (admin, id) = (await app.JoinAsync(AccountRole.Admin), await IdOfAsync(People.EmailOf(AccountRole.Support)));

        switch (change)
        {
            case "role":
                Assert.True((await app.Get<Accounts>().SetRoleAsync(admin, id, AccountRole.Viewer, TestContext.Current.CancellationToken)).IsDone);
                break;
            case "disable":
                Assert.True((await app.Get<Accounts>().DisableAsync(admin, id, TestContext.Current.CancellationToken)).IsDone);
                break;
            default:
                using (var other = new FormClient(app))
                {
                    await other.SignInAsync(People.EmailOf(AccountRole.Support), People.Password);
                    using var changed = await other.SubmitAsync(
                        "/account", "password", ("Password.Present", People.Password), ("Password.New", "another long password"), ("Password.Again", "another long password"));
                    Assert.Equal("/account?done=password", To(changed));
                    Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/orders")).StatusCode); // this one goes on
                }

                break;
        }

        browser.Cookies[SessionCookie.Name] = Ticket(who, issuedSecondsAgo: 61);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/orders")).StatusCode);
    }

    [Fact]
    public async Task TwoStep_SetUpAndUsed_AsksForTheCode_AndTakesARecoveryCodeOnce()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        await browser.SignInAsync(Viewer, People.Password);
        Assert.Empty((await browser.PageAsync("/account/two-step-setup")).QuerySelectorAll("code"));
        Assert.Contains("not your present password", await SaysAsync(await browser.SubmitAsync("/account/two-step-setup", "start", ("Start.Password", "wrong"))), StringComparison.Ordinal);
        var begun = await FormClient.ReadAsync(await browser.SubmitAsync("/account/two-step-setup", "start", ("Start.Password", People.Password)));
        var key = begun.QuerySelector("code")!.TextContent;
        Assert.Contains("not the code", await SaysAsync(await PostCodeAsync(begun, "000000")), StringComparison.Ordinal);
        var page = await FormClient.ReadAsync(await PostCodeAsync(begun, Totp(key)));
        var recovery = page.QuerySelectorAll("ul.codes li").Select(item => item.TextContent).ToList();
        Assert.Equal(10, recovery.Count);

        using var next = new FormClient(app);
        using var asked = await next.SignInAsync(Viewer, People.Password);
        Assert.StartsWith("/account/two-step", To(asked), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await next.GetAsync("/orders")).StatusCode);
        Assert.Contains("not the right code", await SaysAsync(await next.SubmitAsync("/account/two-step", "app", ("Input.Code", "123"))), StringComparison.Ordinal);
        var code = Totp(key);
        Assert.Equal(HttpStatusCode.Found, (await next.SubmitAsync("/account/two-step", "app", ("Input.Code", code))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync("/orders")).StatusCode);
        Assert.Empty((await next.PageAsync("/account/two-step-setup")).QuerySelectorAll("code")); // the key is not shown again

        using var onlooker = new FormClient(app);
        await onlooker.SignInAsync(Viewer, People.Password);
        await onlooker.SubmitAsync("/account/two-step", "app", ("Input.Code", code)); // seen over a shoulder
        Assert.Equal(HttpStatusCode.Found, (await onlooker.GetAsync("/orders")).StatusCode);

        foreach (var isFirst in new[] { true, false })
        {
            using var lost = new FormClient(app);
            await lost.SignInAsync(Viewer, People.Password);
            await lost.SubmitAsync("/account/two-step?recovery=true", "recovery", ("Input.Code", recovery[0]));
            Assert.Equal(isFirst ? HttpStatusCode.OK : HttpStatusCode.Found, (await lost.GetAsync("/orders")).StatusCode);
        }

        var audit = await AuditAsync();
        Assert.Contains((AuditActions.TwoStepOn, Viewer), audit);
        Assert.Single(audit, (AuditActions.RecoveryCodeUsed, Viewer));
        await using var context = app.OpenContext();
        var stored = await context.Set<IdentityUserToken<string>>().Select(token => token.Value).ToListAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(stored);
        Assert.DoesNotContain(stored, value => value!.Contains(key, StringComparison.Ordinal) || recovery.Exists(kept => value.Contains(kept, StringComparison.Ordinal)));

        // The password is right and a code is at hand, but the account was disabled, or reset, since the first step.
        foreach (var change in new[] { "disable", "reset" })
        {
            using var late = new FormClient(app);
            await late.SignInAsync(Viewer, People.Password);
            Assert.True(late.Cookies.ContainsKey(SessionCookie.Name + "-step"));
            var (admin, id) = (await app.JoinAsync(AccountRole.Admin), await IdOfAsync(Viewer));
            if (change is "disable")
            {
                await app.Get<Accounts>().DisableAsync(admin, id, TestContext.Current.CancellationToken);
            }
            else
            {
                var link = (await app.Get<Accounts>().IssueResetAsync(admin, id, TestContext.Current.CancellationToken)).LinkCode;
                using var owner = new FormClient(app);
                await owner.SubmitAsync($"{OneTimeLinks.Path}?code={link}", "choose", ("Input.Password", "a new long password"), ("Input.Again", "a new long password"));
            }

            await late.SendAsync(Recovery(await late.PageAsync("/account/two-step?recovery=true"), recovery[1]));
            Assert.False(late.Cookies.ContainsKey(SessionCookie.Name), change);
            await app.Get<Accounts>().EnableAsync(admin, id, TestContext.Current.CancellationToken);
        }

        HttpRequestMessage Recovery(AngleSharp.Html.Dom.IHtmlDocument form, string code) => new(HttpMethod.Post, "/account/two-step?recovery=true")
        {
            Content = new FormUrlEncodedContent(
                form.QuerySelectorAll("form input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "", StringComparer.Ordinal)
                    .Append(new("Input.Code", code))),
        };

        Task<HttpResponseMessage> PostCodeAsync(AngleSharp.Html.Dom.IHtmlDocument form, string code) => browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/account/two-step-setup")
        {
            Content = new FormUrlEncodedContent(
                form.QuerySelectorAll("form input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "", StringComparer.Ordinal)
                    .Append(new("Input.Code", code))),
        });
    }

    [Fact]
    public async Task Profile_Name_IsSavedAndShown()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        await browser.SignInAsync(Viewer, People.Password);

        using var response = await browser.SubmitAsync("/account", "name", ("Name.Name", "Vera"));

        Assert.Equal("/account?done=name", To(response));
        Assert.Equal("Vera", (await browser.PageAsync("/account")).QuerySelector("#field-what-the-desk-calls-you")!.GetAttribute("value"));
    }

    private string Ticket(System.Security.Claims.ClaimsPrincipal who, int issuedSecondsAgo)
    {
        var now = DateTimeOffset.UtcNow;
        var properties = new AuthenticationProperties { IssuedUtc = now.AddSeconds(-issuedSecondsAgo), ExpiresUtc = now + SessionCookie.Idle };
        properties.Items[SessionCookie.SignedInItem] = now.AddSeconds(-issuedSecondsAgo).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        return app.Get<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme).TicketDataFormat
            .Protect(new AuthenticationTicket(who, properties, IdentityConstants.ApplicationScheme));
    }

    private async Task<string> IdOfAsync(string email)
    {
        await using var context = app.OpenContext();
        return (await context.Accounts.SingleAsync(row => row.Email == email, TestContext.Current.CancellationToken)).Id;
    }

    private async Task<List<(string Action, string? Subject)>> AuditAsync()
    {
        await using var context = app.OpenContext();
        return (await context.Audit.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken)).ConvertAll(row => (row.Action, row.Subject));
    }

    private static string To(HttpResponseMessage response) => response.Headers.Location!.PathAndQuery;

    private static async Task<string> SaysAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await FormClient.ReadAsync(response)).QuerySelector(".notice")?.TextContent ?? "";
    }

    // RFC 6238 over RFC 4226, apart from the product's own library.
    private static string Totp(string base32)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(base32.Select(letter => Convert.ToString(Alphabet.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // what authenticator apps do
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var code = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (code % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }
}
