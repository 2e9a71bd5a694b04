using System.Collections.Concurrent;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Real Chromium.</summary>
internal sealed class ChromiumBrowser : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly IBrowserContext context;

    private ChromiumBrowser(IPlaywright playwright, IBrowser browser, IBrowserContext context)
    {
        this.playwright = playwright;
        this.browser = browser;
        this.context = context;
    }

    /// <summary>Errors of the pages' scripts and consoles, and requests to any other host.</summary>
    public ConcurrentQueue<string> Problems { get; } = new();

    public static async Task<ChromiumBrowser> LaunchAsync(ColorScheme scheme = ColorScheme.Light, int width = 1440, string? timeZone = null)
    {
        var driver = await Playwright.CreateAsync();
        var launched = await driver.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = RequiredTool.Chromium,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            }
        );
        var opened = await launched.NewContextAsync(
            new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = width, Height = 900 },
                TimezoneId = timeZone,
            }
        );
        return new ChromiumBrowser(driver, launched, opened);
    }

    /// <summary>Lets pages read the clipboard, as a person would who pastes.</summary>
    public Task AllowClipboardAsync() => context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

    /// <summary>Signs in as someone of that role, by the form.</summary>
    public async Task SignInAsync(DashboardApp app, AccountRole role)
    {
        await app.JoinAsync(role);
        await SignInAsync(app.Address, People.EmailOf(role));
    }

    /// <summary>Signs in by the form.</summary>
    public async Task SignInAsync(Uri address, string email)
    {
        var page = await OpenAsync(address, "/account/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(People.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        // Not WaitForURLAsync: where the address is there already, it waits for a commit that is past.
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(address, "/").ToString(), new() { Timeout = 30_000 });
        await page.CloseAsync();
    }

    /// <summary>Opens a page and waits until it is live.</summary>
    public async Task<IPage> OpenAsync(Uri address, string path)
    {
        var page = await NewPageAsync(path);
        await page.GotoAsync(new Uri(address, path).ToString());
        await page.Locator("h1").First.WaitForAsync();
        await Assertions.Expect(page.Locator(".mud-skeleton")).ToHaveCountAsync(0);
        return page;
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

    public async ValueTask DisposeAsync()
    {
        await context.CloseAsync();
        await browser.CloseAsync();
        playwright.Dispose();
    }
}
