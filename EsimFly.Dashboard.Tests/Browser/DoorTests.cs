using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.SetUp;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>The way in, in real Chromium.</summary>
public sealed class DoorTests
{
    [Fact]
    public async Task FirstRun_FromTheLinkToARevealedCodeAndItsAuditRow()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var esimfly = await EsimflyStandIn.StartAsync();
        await using var app = new DashboardApp([("ESIMFLY_WEBHOOK_SECRET", null), ("EsimflyApi:BaseUrl", esimfly.Address)]);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        var file = app.Get<FirstRun>().LinkFile;
        await Eventually.IsTrueAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the link is written");
        var page = await browser.NewPageAsync("/setup");
        await page.GotoAsync((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim());
        await page.GetByLabel("Your name").FillAsync("Ada");
        await page.GetByLabel("E-mail address").FillAsync("ada@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(People.Password);
        await page.GetByLabel("Password again").FillAsync(People.Password);
        await page.GetByLabel("The secret from eSIMfly").FillAsync(Signing.Secret);
        await page.GetByLabel("Access code").FillAsync(EsimflyStandIn.AccessCode);
        await page.GetByLabel("Secret key").FillAsync("sk_mistyped");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up and open the desk" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The secret key is not the one that belongs to the access code.")).ToBeVisibleAsync();
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(People.Password);
        await page.GetByLabel("Password again").FillAsync(People.Password);
        await page.GetByLabel("Secret key").FillAsync(EsimflyStandIn.SecretKey);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up and open the desk" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();

        await app.DeliverAsync(Signing.Sample("2026-04/esim.provisioned"));
        await page.Locator("tr[data-seq='1']").WaitForAsync();
        await page.GotoAsync(new Uri(app.Address, "/esims/8981100000012345678").ToString());
        await page.GetByTestId("reveal").ClickAsync();
        await Assertions.Expect(page.GetByTestId("revealed")).ToContainTextAsync("LPA:1$rsp.example.com$ACTIVATION-CODE");
        await Assertions.Expect(page.GetByTestId("qr")).ToBeVisibleAsync();
        await page.GotoAsync(new Uri(app.Address, "/settings/audit?action=code.revealed").ToString());
        await Assertions.Expect(page.Locator("tr[data-audit]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("tr[data-audit]")).ToContainTextAsync("8981100000012345678");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/account/sign-in");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Passkey_AddedUsedAndRemoved()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        // An address of numbers is no domain that a passkey can be for.
        var address = new UriBuilder(app.Address) { Host = "localhost" }.Uri;
        await app.JoinAsync(AccountRole.Support);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        var page = await browser.NewPageAsync("/account");
        await SignInWithAnAuthenticatorAsync(page, address);
        await page.GetByLabel("What to call it").FillAsync("My phone");
        await page.GetByLabel("Current password, to add a passkey").FillAsync(People.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("The passkey is added");
        await Assertions.Expect(page.GetByText("My phone")).ToBeVisibleAsync();

        await page.Context.ClearCookiesAsync();
        using (var stranger = new FormClient(app))
        {
            for (var i = 0; i < 5; i++)
            {
                await stranger.SignInAsync(People.EmailOf(AccountRole.Support), $"wrong password {i}"); // keeps no passkey out
            }
        }

        await page.GotoAsync(new Uri(address, "/account/sign-in?returnUrl=%2Faccount").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("My phone")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("The passkey is removed");
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync(new Uri(address, "/account/sign-in").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("did not let you in");
        await using var context = app.OpenContext();
        var audit = await context.Audit.AsNoTracking().Select(row => row.Action).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Contains(AuditActions.PasskeyAdded, audit, StringComparer.Ordinal);
        Assert.Contains(AuditActions.PasskeyRemoved, audit, StringComparer.Ordinal);
        Assert.Equal(2, audit.FindAll(action => string.Equals(action, AuditActions.SignedIn, StringComparison.Ordinal)).Count);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Passkey_OfADisabledAccount_LetsNobodyIn()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        var address = new UriBuilder(app.Address) { Host = "localhost" }.Uri;
        var admin = await app.JoinAsync(AccountRole.Admin);
        await app.JoinAsync(AccountRole.Support);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        var page = await browser.NewPageAsync("/account");
        await SignInWithAnAuthenticatorAsync(page, address);
        await page.GetByLabel("Current password, to add a passkey").FillAsync(People.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("The passkey is added");
        var id = (await app.Get<AccountActions>().ListAsync(admin, TestContext.Current.CancellationToken))
            .Single(row => row.Role == AccountRole.Support)
            .Id;
        await app.Get<AccountActions>().DisableAsync(admin, id, TestContext.Current.CancellationToken);

        await page.Context.ClearCookiesAsync();
        await page.GotoAsync(new Uri(address, "/account/sign-in").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();

        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("did not let you in");
    }

    [Fact]
    public async Task Settings_UsersAndTokensAndSecrets_AreKeptByHand()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Admin);

        var users = await browser.OpenAsync(app.Address, "/settings/users");
        var invite = users.GetByTestId("invite");
        await invite.GetByLabel("Name", new() { Exact = true }).FillAsync("Nora");
        await invite.GetByLabel("E-mail address").FillAsync("nora@example.com");
        await invite.GetByRole(AriaRole.Button, new() { Name = "Invite" }).ClickAsync();
        await Assertions.Expect(users.GetByTestId("link")).ToContainTextAsync("/account/link?code=");
        var row = users.Locator("tr[data-account='nora@example.com']");
        await Assertions.Expect(row).ToContainTextAsync("Invited");
        await row.GetByRole(AriaRole.Combobox).SelectOptionAsync("Viewer");
        await Assertions.Expect(row.GetByRole(AriaRole.Combobox)).ToHaveValueAsync("Viewer");
        await row.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Disabled");
        await users
            .Locator($"tr[data-account='{People.EmailOf(AccountRole.Admin)}']")
            .GetByRole(AriaRole.Combobox)
            .SelectOptionAsync("Viewer");
        await Assertions.Expect(users.GetByText("last administrator")).ToBeVisibleAsync();
        await Assertions
            .Expect(users.Locator($"tr[data-account='{People.EmailOf(AccountRole.Admin)}']").GetByRole(AriaRole.Combobox))
            .ToHaveValueAsync("Admin");

        var tokens = await browser.OpenAsync(app.Address, "/settings/tokens");
        await tokens.GetByTestId("add-token").GetByLabel("Name").FillAsync("wall board");
        await tokens.GetByRole(AriaRole.Button, new() { Name = "Make a token" }).ClickAsync();
        await Assertions.Expect(tokens.GetByTestId("token")).ToContainTextAsync("esf_");
        await tokens.ReloadAsync();
        await tokens.Locator("tr[data-token='wall board']").WaitForAsync();
        await Assertions.Expect(tokens.GetByTestId("token")).ToHaveCountAsync(0);

        var secrets = await browser.OpenAsync(app.Address, "/settings");
        await secrets.GetByLabel("Label").FillAsync("Another");
        await secrets.GetByLabel("Secret", new() { Exact = true }).FillAsync("whsec_another");
        await secrets.GetByRole(AriaRole.Button, new() { Name = "Add the secret" }).ClickAsync();
        await Assertions.Expect(secrets.GetByTestId("result")).ToContainTextAsync("The secret is added");
        Assert.DoesNotContain("whsec_another", await secrets.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(browser.Problems);
    }

    // A device with a fingerprint reader, as far as the browser can tell (WebAuthn virtual authenticators).
    private static async Task SignInWithAnAuthenticatorAsync(IPage page, Uri address)
    {
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new(StringComparer.Ordinal)
            {
                ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
        await page.GotoAsync(new Uri(address, "/account/sign-in?returnUrl=%2Faccount").ToString());
        await page.GetByLabel("E-mail address").FillAsync(People.EmailOf(AccountRole.Support));
        await page.GetByLabel("Password").FillAsync(People.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }
}
