using System.Globalization;
using System.Net;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.SetUp;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Access;

public sealed class FirstRunTests
{
    private static readonly (string Name, string Value)[] Filled =
    [
        ("Input.Name", "Ada"),
        ("Input.Email", "ada@example.com"),
        ("Input.Password", People.Password),
        ("Input.Again", People.Password),
        ("Input.Secret", "paste"),
        ("Input.Pasted", "whsec_pasted"),
    ];

    private static (string Key, string? Value)[] NoSecret => [("ESIMFLY_WEBHOOK_SECRET", null)];

    [Fact]
    public async Task WithoutAnAdministrator_EveryPageLeadsToSetUp_AndTheWebhookWorks()
    {
        await using var app = new DashboardApp();
        using var browser = new FormClient(app);

        foreach (var path in new[] { "/", "/orders", "/settings/users", "/account/sign-in", "/account" })
        {
            using var response = await browser.GetAsync(path);
            Assert.Equal("/setup", response.Headers.Location?.OriginalString);
        }

        var page = await browser.PageAsync("/setup");
        Assert.Empty(page.QuerySelectorAll("form"));
        Assert.Contains("setup-link.txt", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/ready")).StatusCode);
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
    }

    [Fact]
    public async Task Link_IsInAFileForThisAccountAlone_AndLeadsToADeskThatWorks()
    {
        await using var app = new DashboardApp(NoSecret);
        using var refused = await app.Client.SendAsync(
            Signing.Request(Samples.Read("2025-11/order.created"), secret: "whsec_pasted"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        var file = app.Get<FirstRun>().LinkFile;
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        var link = await LinkAsync(app);
        using var browser = new FormClient(app);
        Assert.Contains(
            new Uri(app.Address, WebhookAddress.Path).ToString(),
            (await browser.PageAsync(link)).Body!.TextContent,
            StringComparison.Ordinal
        );

        using var response = await browser.SubmitAsync(link, "setup", Filled);

        Assert.Equal(app.Address, response.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/settings")).StatusCode); // signed in already
        Assert.False(File.Exists(file));
        await app.SettleAsync();
        await using var context = app.OpenContext();
        await app.SettleAsync();
        var rescued = await context.Deliveries.AsNoTracking().SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(DeliveryFlags.Rescued, rescued.Flags & DeliveryFlags.Rescued); // what came before its secret did
        await app.DeliverAsync(Signing.Request(Samples.Read("2025-11/order.completed"), secret: "whsec_pasted"));
        var actions = await context.Audit.AsNoTracking().Select(row => row.Action).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Contains(AuditActions.SetUp, actions, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Link_UsedOnce_IsOver()
    {
        await using var app = new DashboardApp();
        var link = await LinkAsync(app);
        using var first = new FormClient(app);
        using var second = new FormClient(app);
        using var done = await first.SubmitAsync(link, "setup", Filled);
        Assert.Equal(HttpStatusCode.Found, done.StatusCode);

        using var again = await second.GetAsync(link);

        Assert.Equal(app.Address, again.Headers.Location);
        Assert.Equal(FirstRun.LinkIsOver, (await CompleteAsync(app, CodeOf(link))).Problem);
        await using var context = app.OpenContext();
        Assert.Equal(1, await context.Accounts.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Link_UsedByManyAtOnce_MakesOneAdministrator()
    {
        await using var app = new DashboardApp();
        var code = CodeOf(await LinkAsync(app));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => CompleteAsync(app, code, $"a{i}@example.com")));

        Assert.Single(outcomes, outcome => outcome.Problem is null);
        await using var context = app.OpenContext();
        Assert.Equal(1, await context.Accounts.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Link_ThatHasExpired_IsOver()
    {
        await using var app = new DashboardApp();
        var code = CodeOf(await LinkAsync(app));
        await using (var context = app.OpenContext())
        {
            var link = await context.OneTimeLinks.AsNoTracking().SingleAsync(TestContext.Current.CancellationToken);
            var lifetime = TimeSpan.FromMilliseconds(link.ExpiresAtMs - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            Assert.InRange(lifetime, TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(30));
            Assert.Equal(32, link.SecretHash.Length);
        }

        await SqlAsync(app, """UPDATE "OneTimeLinks" SET "ExpiresAtMs" = 1""");

        Assert.Equal(FirstRun.LinkIsOver, (await CompleteAsync(app, code)).Problem);
    }

    [Fact]
    public async Task Link_GuessedTenTimes_IsDead()
    {
        await using var app = new DashboardApp();
        var link = await LinkAsync(app);
        using var browser = new FormClient(app);
        for (var i = 0; i < OneTimeLinks.MaxWrongTries; i++)
        {
            var path = $"/setup?code={(i % 2 == 0 ? "1." : "")}guess{i.ToString(CultureInfo.InvariantCulture)}";
            Assert.Empty((await browser.PageAsync(path)).QuerySelectorAll("form")); // looking counts nothing
        }

        Assert.NotEmpty((await browser.PageAsync(link)).QuerySelectorAll("form"));
        for (var i = 0; i < OneTimeLinks.MaxWrongTries; i++)
        {
            Assert.NotEmpty((await browser.PageAsync(link)).QuerySelectorAll("form"));
            using var form = new FormUrlEncodedContent([new("_handler", "setup"), .. await TokenAsync(browser, link)]);
            await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/setup?code=1.guess{i}") { Content = form });
        }

        Assert.Empty((await browser.PageAsync(link)).QuerySelectorAll("form"));
        Assert.Equal(FirstRun.LinkIsOver, (await CompleteAsync(app, CodeOf(link))).Problem);
    }

    [Fact]
    public async Task SetUp_WithAWeakPassword_LeavesTheLinkGood()
    {
        await using var app = new DashboardApp();
        var link = await LinkAsync(app);
        using var browser = new FormClient(app);

        using var weak = await browser.SubmitAsync(link, "setup", [.. Filled, ("Input.Password", "short"), ("Input.Again", "short")]);
        Assert.Contains("at least 12", (await FormClient.ReadAsync(weak)).QuerySelector(".notice")!.TextContent, StringComparison.Ordinal);

        Assert.Null((await CompleteAsync(app, CodeOf(link))).Problem);
    }

    [Fact]
    public async Task Settings_NameTheFirstAdministrator_OnceOnly()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "password");
        await File.WriteAllTextAsync(file, People.Password + "\n", TestContext.Current.CancellationToken);
        (string Key, string? Value)[] settings = [("Admin:Email", "ada@example.com"), ("Admin:PasswordFile", file)];
        await using (var app = new DashboardApp(settings, folder: Path.Combine(folder.Path, "data")))
        {
            using var browser = new FormClient(app);
            Assert.Equal(HttpStatusCode.Found, (await browser.SignInAsync("ada@example.com", People.Password)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/settings/users")).StatusCode);
            Assert.False(File.Exists(app.Get<FirstRun>().LinkFile));
        }

        await File.WriteAllTextAsync(file, "another long password", TestContext.Current.CancellationToken);
        await using var later = new DashboardApp(settings, folder: Path.Combine(folder.Path, "data"));
        using var again = new FormClient(later);
        // The form, once more.
        Assert.Equal(HttpStatusCode.OK, (await again.SignInAsync("ada@example.com", "another long password")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await again.SignInAsync("ada@example.com", People.Password)).StatusCode);
    }

    [Fact]
    public async Task Invitation_Followed_LetsIn_WithItsRole_Once()
    {
        await using var app = new DashboardApp();
        var admin = await app.JoinAsync(AccountRole.Admin);
        var invited = await app.Get<AccountActions>()
            .InviteAsync(admin, "new@example.com", "Nora", AccountRole.Support, TestContext.Current.CancellationToken);
        using var browser = new FormClient(app);
        var link = $"{OneTimeLinks.Path}?code={invited.LinkCode}";

        Assert.Equal(HttpStatusCode.OK, (await browser.SignInAsync("new@example.com", "")).StatusCode);
        using var joined = await browser.SubmitAsync(link, "choose", ("Input.Password", People.Password), ("Input.Again", People.Password));
        Assert.Equal("/account/sign-in", joined.Headers.Location?.AbsolutePath);
        Assert.Empty((await browser.PageAsync(link)).QuerySelectorAll("form"));

        Assert.Equal(HttpStatusCode.Found, (await browser.SignInAsync("new@example.com", People.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/orders")).StatusCode);
        Assert.Contains(
            "/not-for-your-role",
            (await browser.GetAsync("/settings")).Headers.Location!.OriginalString,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Accounts_TheLastAdministrator_CanNeitherGoNorStepDown()
    {
        await using var app = new DashboardApp();
        var admin = await app.JoinAsync(AccountRole.Admin);
        var accounts = app.Get<AccountActions>();
        var id = (await accounts.ListAsync(admin, TestContext.Current.CancellationToken)).Single().Id;
        // Cannot sign in yet.
        await accounts.InviteAsync(admin, "invited@example.com", "Not yet", AccountRole.Admin, TestContext.Current.CancellationToken);

        Assert.Contains(
            "last administrator",
            (await accounts.DisableAsync(admin, id, TestContext.Current.CancellationToken)).Problem,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "last administrator",
            (await accounts.SetRoleAsync(admin, id, AccountRole.Viewer, TestContext.Current.CancellationToken)).Problem,
            StringComparison.Ordinal
        );

        await accounts.CreateAsync("second@example.com", "Second", AccountRole.Admin, People.Password, new(AuditActions.Joined));
        Assert.True((await accounts.SetRoleAsync(admin, id, AccountRole.Viewer, TestContext.Current.CancellationToken)).IsDone);
    }

    [Fact]
    public async Task Accounts_AnAdministratorWithAPasswordAlone_DoesNotCountWhereOnlyTheIdentityProviderLetsIn()
    {
        await using var app = new DashboardApp([
            ("Oidc:Authority", "http://127.0.0.1:9"),
            ("Oidc:ClientId", "desk"),
            ("Oidc:AdminValue", "esim-admins"),
            ("Oidc:Only", "true"),
        ]);
        var admin = await app.JoinAsync(AccountRole.Admin);
        var accounts = app.Get<AccountActions>();
        var id = (await accounts.ListAsync(admin, TestContext.Current.CancellationToken)).Single().Id;
        await accounts.CreateAsync("second@example.com", "Second", AccountRole.Admin, People.Password, new(AuditActions.Joined));

        Assert.Contains(
            "last administrator",
            (await accounts.DisableAsync(admin, id, TestContext.Current.CancellationToken)).Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Link_WhosePasswordCannotBeSaved_IsNotUsedUp_AndTakesNothingAway()
    {
        await using var app = new DashboardApp();
        var admin = await app.JoinAsync(AccountRole.Admin);
        await app.JoinAsync(AccountRole.Support);
        var id = await app.IdOfAsync(People.EmailOf(AccountRole.Support));
        await using (var log = app.OpenLog())
        {
            log.Add(
                new IdentityUserPasskey<string>
                {
                    UserId = id,
                    CredentialId = [1],
                    Data = new IdentityPasskeyData
                    {
                        PublicKey = [1],
                        AttestationObject = [1],
                        ClientDataJson = [1],
                    },
                }
            );
            await log.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var reset = await app.Get<AccountActions>().IssueResetAsync(admin, id, TestContext.Current.CancellationToken);
        var link = await app.Get<OneTimeLinks>().FindAsync(reset.LinkCode, isForSetUp: false, TestContext.Current.CancellationToken);
        await SqlAsync(app, """CREATE TRIGGER fail BEFORE UPDATE ON "Accounts" BEGIN SELECT RAISE(ABORT, 'no'); END""");

        await Assert.ThrowsAnyAsync<Exception>(() => app.Get<AccountActions>().ChoosePasswordAsync(link!, "quite another password", null));

        await using var context = app.OpenContext();
        Assert.Null((await context.OneTimeLinks.SingleAsync(row => row.AccountId == id, TestContext.Current.CancellationToken)).UsedAtMs);
        Assert.Equal(1, await app.Get<LogWriter>().WriteAsync(CountPasskeys, TestContext.Current.CancellationToken));
        await SqlAsync(app, "DROP TRIGGER fail");
        Assert.Null((await app.Get<AccountActions>().ChoosePasswordAsync(link!, "quite another password", null)).Problem);
        Assert.NotNull((await app.Get<AccountActions>().ChoosePasswordAsync(link!, "a third good password", null)).Problem);
        Assert.Equal(0, await app.Get<LogWriter>().WriteAsync(CountPasskeys, TestContext.Current.CancellationToken));

        static long CountPasskeys(WriteTransaction transaction) => transaction.Scalar<long>("""SELECT COUNT(*) FROM "AccountPasskeys" """);
    }

    [Theory]
    [InlineData("password1234")]
    [InlineData("qwerty123456")]
    [InlineData("123456789012")]
    [InlineData("iloveyou1234")]
    [InlineData("admin@example.com")]
    public async Task Password_ThatIsTriedFirst_IsRefused(string password)
    {
        await using var app = new DashboardApp();

        var (account, problem) = await app.Get<AccountActions>()
            .CreateAsync("admin@example.com", "Ada", AccountRole.Admin, password, new(AuditActions.Joined));

        Assert.Null(account);
        Assert.Contains("among the first", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdminReset_BesideTheRunningDesk_GivesALinkThatLetsBackIn()
    {
        await using var app = new DashboardApp();
        await app.JoinAsync(AccountRole.Admin);
        var email = People.EmailOf(AccountRole.Admin);
        await SqlAsync(app, """UPDATE "Accounts" SET "TwoFactorEnabled" = TRUE""");

        using var command = new AppProcess(app.Folder, arguments: ["admin", "reset"]);
        Assert.Equal(0, await command.ExitAsync());
        await Eventually.IsTrueAsync(() => command.Output.Contains("code=", StringComparison.Ordinal), "the link");
        var code = command.Output.Split("code=")[1].Split('\n', ' ')[0].Trim();
        using var browser = new FormClient(app);
        using var chosen = await browser.SubmitAsync(
            $"{OneTimeLinks.Path}?code={code}",
            "choose",
            ("Input.Password", "quite another password"),
            ("Input.Again", "quite another password")
        );

        Assert.Equal(HttpStatusCode.Found, chosen.StatusCode);
        Assert.Equal(app.Address, (await browser.SignInAsync(email, "quite another password")).Headers.Location);
        using var unknown = new AppProcess(app.Folder, arguments: ["admin", "reset", "who@example.com"]);
        Assert.Equal(1, await unknown.ExitAsync());
    }

    private static async Task<string> LinkAsync(DashboardApp app)
    {
        var file = app.Get<FirstRun>().LinkFile;
        await Eventually.IsTrueAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the link is written");
        var link = new Uri((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim());
        Assert.Equal("/setup", link.AbsolutePath);
        return link.PathAndQuery;
    }

    private static async Task<IEnumerable<KeyValuePair<string, string>>> TokenAsync(FormClient browser, string link) =>
        (await browser.PageAsync(link))
            .QuerySelectorAll("input[type=hidden][name=__RequestVerificationToken]")
            .Take(1)
            .Select(input => KeyValuePair.Create("__RequestVerificationToken", input.GetAttribute("value")!));

    private static string CodeOf(string link) => link.Split("code=")[1];

    private static Task<(AccountEntity? Account, string? Problem)> CompleteAsync(
        DashboardApp app,
        string code,
        string email = "ada@example.com"
    ) => app.Get<FirstRun>().CompleteAsync(code, email, "Ada", People.Password, address: null, TestContext.Current.CancellationToken);

    private static Task<int> SqlAsync(DashboardApp app, string sql) =>
        app.Get<LogWriter>().WriteAsync(transaction => transaction.Execute(sql), TestContext.Current.CancellationToken);
}
