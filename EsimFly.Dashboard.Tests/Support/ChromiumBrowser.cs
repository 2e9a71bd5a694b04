using System.Collections.Concurrent;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Real Chromium: one process for all tests, for each test a profile of its own.</summary>
internal sealed class ChromiumBrowser : IAsyncDisposable
{
    private static readonly Lazy<Task<IBrowser>> Shared = new(StartAsync);

    private readonly IBrowserContext context;

    private ChromiumBrowser(IBrowserContext context) => this.context = context;

    /// <summary>Errors of the pages' scripts and consoles, and requests to any other host.</summary>
    public ConcurrentQueue<string> Problems { get; } = new();

    public static async Task<ChromiumBrowser> LaunchAsync(ColorScheme scheme = ColorScheme.Light, int width = 1440, string? timeZone = null)
    {
        var browser = await Shared.Value;
        var opened = await browser.NewContextAsync(
            new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = width, Height = 900 },
                TimezoneId = timeZone,
            }
        );
        return new ChromiumBrowser(opened);
    }

    /// <summary>Lets pages read the clipboard, as a person would who pastes.</summary>
    public Task AllowClipboardAsync() => context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

    /// <summary>Gives the browser the session of someone of that role, as the form does. The form has tests of its own.</summary>
    public async Task SignInAsync(DashboardApp app, AccountRole role) =>
        await context.AddCookiesAsync([
            new()
            {
                Name = SessionCookie.Name,
                Value = app.CookieOf(await app.JoinAsync(role)),
                Url = new UriBuilder(app.Address) { Scheme = Uri.UriSchemeHttps }.Uri.ToString(), // as for a page that is trusted
                Secure = true,
                HttpOnly = true,
                SameSite = SameSiteAttribute.Lax,
            },
        ]);

    /// <summary>Signs in by the form.</summary>
    public async Task SignInAsync(Uri address, string email)
    {
        var page = await OpenAsync(address, "/account/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(People.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        // Not WaitForURLAsync: where the address is there already, it waits for a commit that is past.
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(address, "/").ToString(), new() { Timeout = 30_000 });

        // Closed while it is being opened, it could not tell the server, which would count it as open for three minutes more.
        await page.Locator("h1").First.WaitForAsync();
        await page.CloseAsync();
    }

    /// <summary>Opens a page and waits until it is live.</summary>
    public async Task<IPage> OpenAsync(Uri address, string path)
    {
        var page = await NewPageAsync(path);
        await GoAsync(page, address, path);
        return page;
    }

    /// <summary>Goes to a page and waits until it is live.</summary>
    public static async Task GoAsync(IPage page, Uri address, string path)
    {
        await page.GotoAsync(new Uri(address, path).ToString());
        await page.Locator("h1").First.WaitForAsync();
        await Assertions.Expect(page.Locator(".mud-skeleton")).ToHaveCountAsync(0);
    }

    /// <summary>A page that has gone nowhere yet; its problems are noted under that name.</summary>
    public async Task<IPage> NewPageAsync(string path)
    {
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (string.Equals(message.Type, "error", StringComparison.Ordinal))
            {
                Problems.Enqueue($"{path}: {message.Text}");
            }
        };
        page.PageError += (_, error) => Problems.Enqueue($"{path}: {error}");
        page.Request += (_, request) =>
        {
            var url = new Uri(request.Url);
            if (!url.IsLoopback && url.Scheme.StartsWith("http", StringComparison.Ordinal))
            {
                Problems.Enqueue($"{path} asked for {request.Url}");
            }
        };
        return page;
    }

    public async ValueTask DisposeAsync() => await context.CloseAsync();

    /// <summary>Ends the process, where one was started.</summary>
    public static async Task EndAsync()
    {
        if (Shared.IsValueCreated)
        {
            await (await Shared.Value).CloseAsync();
        }
    }

    private static async Task<IBrowser> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        return await driver.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = RequiredTool.Chromium,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            }
        );
    }
}
