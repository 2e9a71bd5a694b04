using System.Net;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>How long a session lasts, and what ends it sooner.</summary>
public sealed class SessionTests : IAsyncDisposable
{
    private readonly DashboardApp app = new();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData(29, 10, true)]
    [InlineData(31, 10, false)]
    [InlineData(5, 479, true)]
    [InlineData(5, 481, false)]
    public async Task Session_LastsHalfAnHourIdle_AndEightHoursInAll(int idleMinutes, int ageMinutes, bool isGood)
    {
        var who = await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        browser.Cookies[SessionCookie.Name] = app.CookieOf(who, TimeSpan.FromMinutes(idleMinutes), TimeSpan.FromMinutes(ageMinutes));

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
        browser.Cookies[SessionCookie.Name] = app.CookieOf(who, TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/orders")).StatusCode);
        var (admin, id) = (await app.JoinAsync(AccountRole.Admin), await app.IdOfAsync(People.EmailOf(AccountRole.Support)));

        switch (change)
        {
            case "role":
                Assert.True(
                    (
                        await app.Get<AccountActions>().SetRoleAsync(admin, id, AccountRole.Viewer, TestContext.Current.CancellationToken)
                    ).IsDone
                );
                break;
            case "disable":
                Assert.True((await app.Get<AccountActions>().DisableAsync(admin, id, TestContext.Current.CancellationToken)).IsDone);
                break;
            default:
                using (var other = new FormClient(app))
                {
                    await other.SignInAsync(People.EmailOf(AccountRole.Support), People.Password);
                    using var changed = await other.SubmitAsync(
                        "/account",
                        "password",
                        ("Password.Present", People.Password),
                        ("Password.New", "another long password"),
                        ("Password.Again", "another long password")
                    );
                    Assert.Equal("/account?done=password", FormClient.To(changed));
                    Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/orders")).StatusCode); // this one goes on
                }

                break;
        }

        browser.Cookies[SessionCookie.Name] = app.CookieOf(who, TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/orders")).StatusCode);
    }
}
