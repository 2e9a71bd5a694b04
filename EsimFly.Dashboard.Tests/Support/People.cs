using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.SetUp;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Accounts of each role, and their sessions.</summary>
internal static class People
{
    public const string Password = "correct horse battery";

    public static string EmailOf(AccountRole role) => $"{role.ToString().ToLowerInvariant()}@example.com";

    /// <summary>Makes the account of that role where there is none yet, and tells who it is as its cookie would.</summary>
    public static async Task<ClaimsPrincipal> JoinAsync(this DashboardApp app, AccountRole role)
    {
        if (role != AccountRole.Admin && !await app.Get<FirstRun>().IsDoneAsync(CancellationToken.None))
        {
            await app.JoinAsync(AccountRole.Admin); // an installation has one, or it leads to set-up
        }

        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AccountEntity>>();
        if (await users.FindByEmailAsync(EmailOf(role)) is null)
        {
            var (_, problem) = await app.Get<AccountActions>()
                .CreateAsync(EmailOf(role), $"The {role}", role, Password, new(AuditActions.Joined));
            Assert.Null(problem);
        }

        var signIn = scope.ServiceProvider.GetRequiredService<AccountSignIn>();
        var who = await signIn.ClaimsFactory.CreateAsync((await users.FindByEmailAsync(EmailOf(role)))!);
        ((ClaimsIdentity)who.Identity!).AddClaim(new Claim(SessionCookie.SignedInClaim, app.NowMs));
        return who;
    }

    /// <summary>The value of the cookie that a session of that person has.</summary>
    /// <param name="app">The desk.</param>
    /// <param name="who">The person.</param>
    /// <param name="idle">How long ago it was last used.</param>
    /// <param name="age">How long ago the person signed in; no less than that.</param>
    public static string CookieOf(this DashboardApp app, ClaimsPrincipal who, TimeSpan idle = default, TimeSpan age = default)
    {
        var now = app.Get<TimeProvider>().GetUtcNow();
        var properties = new AuthenticationProperties { IssuedUtc = now - idle, ExpiresUtc = now - idle + SessionCookie.Idle };
        properties.Items[SessionCookie.SignedInItem] = (now - (age > idle ? age : idle))
            .ToUnixTimeMilliseconds()
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        var format = app.Get<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme).TicketDataFormat;
        return format.Protect(new AuthenticationTicket(who, properties, IdentityConstants.ApplicationScheme));
    }

    /// <summary>Ends every session of the account of that role.</summary>
    public static async Task EndSessionsAsync(this DashboardApp app, AccountRole role)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AccountEntity>>();
        await users.UpdateSecurityStampAsync((await users.FindByEmailAsync(EmailOf(role)))!);
    }

    /// <summary>The id of the account with that address.</summary>
    public static async Task<string> IdOfAsync(this DashboardApp app, string email)
    {
        await using var context = app.OpenContext();
        return (await context.Accounts.SingleAsync(row => row.Email == email, TestContext.Current.CancellationToken)).Id;
    }

    /// <summary>What the audit log has.</summary>
    public static async Task<List<(string Action, string? Subject)>> AuditAsync(this DashboardApp app)
    {
        await using var context = app.OpenContext();
        return (await context.Audit.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken)).ConvertAll(row =>
            (row.Action, row.Subject)
        );
    }

    /// <summary>A client with a session of that role, which follows no redirect.</summary>
    public static async Task<HttpClient> SignInAsync(this DashboardApp app, AccountRole role)
    {
        var client = app.Visitor();
        client.DefaultRequestHeaders.Add("Cookie", $"{SessionCookie.Name}={app.CookieOf(await app.JoinAsync(role))}");
        return client;
    }

    /// <summary>A client without a session, which follows no redirect.</summary>
    public static HttpClient Visitor(this DashboardApp app) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Address };

    private static string NowMsOf(TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    extension(DashboardApp app)
    {
        private string NowMs => NowMsOf(app.Get<TimeProvider>());
    }
}
