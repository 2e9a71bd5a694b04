using System.Text.RegularExpressions;
using Bunit;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;
using QRCoder;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>How a code is seen: by whom, after what, as what, and for how long.</summary>
public sealed partial class RevealTests : IAsyncDisposable
{
    private const string Iccid = "8981100000012345678";
    private const string Lpa = "LPA:1$rsp.example.com$ACTIVATION-CODE";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DashboardApp app = new();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Reveal_BySupport_IsRecordedAndOpens()
    {
        await KnowAsync();

        var (code, _) = await app.Get<CodeReveal>()
            .RevealAsync(await app.JoinAsync(AccountRole.Support), Iccid, isTest: false, TestContext.Current.CancellationToken);

        Assert.Equal(Lpa, code!.QrText);
        Assert.Equal(
            "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA%3A1%24rsp.example.com%24ACTIVATION-CODE",
            code.AppleInstallLink
        );
        Assert.Equal(
            "https://esimsetup.android.com/esim_qrcode_provisioning?carddata=LPA%3A1%24rsp.example.com%24ACTIVATION-CODE",
            code.AndroidInstallLink
        );
        var row = Assert.Single(await RevealedAsync());
        Assert.Equal((Iccid, People.EmailOf(AccountRole.Support)), (row.Subject, row.Actor));
    }

    [Fact]
    public async Task Reveal_MoreThanAllowedWithinAnHour_IsRefused_AndRaisesAnAlert()
    {
        await using var strict = new DashboardApp([("Access:RevealsPerHour", "4")]);
        await strict.DeliverAsync(Signing.Sample("2026-04/esim.provisioned"));
        await strict.SettleAsync();
        var (support, other) = (await strict.JoinAsync(AccountRole.Support), await strict.JoinAsync(AccountRole.Admin));
        var reveal = strict.Get<CodeReveal>();
        var token = TestContext.Current.CancellationToken;
        for (var i = 0; i < 4; i++)
        {
            Assert.NotNull((await reveal.RevealAsync(support, Iccid, isTest: false, token)).Code);
        }

        var (code, problem) = await reveal.RevealAsync(support, Iccid, isTest: false, token);

        Assert.Null(code);
        Assert.Contains("4 codes within an hour", problem, StringComparison.Ordinal);
        Assert.NotNull((await reveal.RevealAsync(other, Iccid, isTest: false, token)).Code); // counted by account
        await strict.Get<EsimFly.Dashboard.Desk.Alerts.AlertWatch>().LookAsync(token);
        var alert = (await strict.Get<EsimFly.Dashboard.Desk.Alerts.AlertActions>().OpenAsync(support, token)).Single(row =>
            row.Kind == AlertKind.ManyReveals
        );
        Assert.Equal((People.EmailOf(AccountRole.Support), 4), (alert.Key, alert.Facts.Count));
    }

    [Fact]
    public async Task Reveal_ByAViewer_OrByADisabledAccount_StaysClosed_AtOnce()
    {
        await KnowAsync();
        var (viewer, support, admin) = (
            await app.JoinAsync(AccountRole.Viewer),
            await app.JoinAsync(AccountRole.Support),
            await app.JoinAsync(AccountRole.Admin)
        );
        var reveal = app.Get<CodeReveal>();
        await Assert.ThrowsAsync<AccessDeniedException>(() =>
            reveal.RevealAsync(viewer, Iccid, isTest: false, TestContext.Current.CancellationToken)
        );

        var id = (await app.Get<AccountActions>().ListAsync(admin, TestContext.Current.CancellationToken))
            .Single(row => row.Role == AccountRole.Support)
            .Id;
        await app.Get<AccountActions>().DisableAsync(admin, id, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<AccessDeniedException>(() =>
            reveal.RevealAsync(support, Iccid, isTest: false, TestContext.Current.CancellationToken)
        );
        Assert.Empty(await RevealedAsync());
    }

    [Fact]
    public async Task Reveal_WithoutItsAuditRow_StaysClosed()
    {
        await KnowAsync();
        var support = await app.JoinAsync(AccountRole.Support);
        await app.Get<LogWriter>()
            .WriteAsync(
                transaction =>
                    transaction.Execute("""CREATE TRIGGER "Refuse" BEFORE INSERT ON "Audit" BEGIN SELECT RAISE(ABORT, 'no'); END"""),
                TestContext.Current.CancellationToken
            );

        await Assert.ThrowsAnyAsync<Exception>(() =>
            app.Get<CodeReveal>().RevealAsync(support, Iccid, isTest: false, TestContext.Current.CancellationToken)
        );
    }

    [Theory]
    [InlineData(Lpa, null, Lpa)]
    [InlineData("ONLY-A-MATCHING-ID", "https://cdn.example.com/qr.png", null)]
    [InlineData("ONLY-A-MATCHING-ID", "LPA:1$rsp.example.com$ONLY-A-MATCHING-ID", "LPA:1$rsp.example.com$ONLY-A-MATCHING-ID")]
    [InlineData("LPA:1$...", null, null)]
    [InlineData("LPA:1$rsp.example.com$", null, null)]
    [InlineData("LPA:1$$ID", null, null)]
    [InlineData("LPA:1$rsp.example.com$ID$1.3.6.1$1", null, "LPA:1$rsp.example.com$ID$1.3.6.1$1")]
    [InlineData(null, "data:image/png;base64,AAAA", null)]
    internal void Code_IsDrawn_OnlyWhereAPhoneCouldUseIt(string? activation, string? qr, string? drawn)
    {
        var code = CodeReveal.Describe(
            new EsimCodes
            {
                ActivationCode = activation,
                QrCode = qr,
                AppleInstallUrl = "https://evil.example/",
                AndroidInstallUrl = "javascript:alert(1)",
            }
        );

        Assert.Equal(drawn, code.QrText);
        Assert.Equal(drawn ?? activation ?? qr, code.Text);
        Assert.Equal(drawn is not null, code.AndroidInstallLink is not null);
        Assert.True(
            code.AppleInstallLink is null || code.AppleInstallLink.StartsWith("https://esimsetup.apple.com/", StringComparison.Ordinal)
        );
        Assert.Equal(activation?.EndsWith("$1", StringComparison.Ordinal) == true, code.NeedsConfirmation);
    }

    [Fact]
    public async Task Page_ShowsTheCodeAndDrawsIt_AndMasksItAgainAfterHalfAMinute()
    {
        await KnowAsync();
        await using var context = new BunitContext();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await PrepareAsync(context, time, AccountRole.Support);
        var page = context.Render<RevealCode>(parameters => parameters.Add(code => code.Iccid, Iccid).Add(code => code.HasCode, true));
        Assert.DoesNotContain("ACTIVATION-CODE", page.Markup, StringComparison.Ordinal);

        await page.Find("[data-testid=reveal]").ClickAsync();
        page.WaitForAssertion(() => Assert.Contains(Lpa, page.Markup, StringComparison.Ordinal), Patience);
        Assert.Equal(Modules(Lpa), Drawn(page.Find("[data-testid=qr] path").GetAttribute("d")!));
        Assert.Contains("Hidden in 30 s", page.Markup, StringComparison.Ordinal);

        for (var second = 1; second < 30; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            page.WaitForAssertion(() => Assert.Contains($"Hidden in {30 - second} s", page.Markup, StringComparison.Ordinal), Patience);
        }

        Assert.Contains(Lpa, page.Markup, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.DoesNotContain("ACTIVATION-CODE", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(page.FindAll("[data-testid=qr]"));
    }

    [Fact]
    public async Task Page_OfAViewer_OffersNothing()
    {
        await KnowAsync();
        await using var context = new BunitContext();
        await PrepareAsync(context, TimeProvider.System, AccountRole.Viewer);

        var page = context.Render<RevealCode>(parameters => parameters.Add(code => code.Iccid, Iccid).Add(code => code.HasCode, true));

        Assert.Empty(page.FindAll("[data-testid=reveal]"));
        Assert.Contains("••••", page.Markup, StringComparison.Ordinal);
    }

    private async Task PrepareAsync(BunitContext context, TimeProvider time, AccountRole role)
    {
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Services.AddMudServices();
        context.Services.AddSingleton(time);
        context.Services.AddSingleton(app.Get<CodeReveal>());
        await context.SignInAsync(app, role);
    }

    private async Task KnowAsync()
    {
        await app.DeliverAsync(Signing.Sample("2026-04/esim.provisioned"));
        await app.SettleAsync();
    }

    private async Task<List<AuditEntity>> RevealedAsync()
    {
        await using var context = app.OpenContext();
        return await context
            .Audit.AsNoTracking()
            .Where(row => row.Action == AuditActions.CodeRevealed)
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    private static HashSet<(int X, int Y)> Drawn(string path) =>
        [
            .. Square()
                .Matches(path)
                .Select(match =>
                    (int.Parse(match.Groups["x"].ValueSpan, provider: null), int.Parse(match.Groups["y"].ValueSpan, provider: null))
                ),
        ];

    private static HashSet<(int X, int Y)> Modules(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        return
        [
            .. data
                .ModuleMatrix.SelectMany((row, y) => row.Cast<bool>().Select((isDark, x) => (isDark, x, y)))
                .Where(module => module.isDark)
                .Select(module => (module.x, module.y)),
        ];
    }

    [GeneratedRegex(@"M(?<x>\d+) (?<y>\d+)h1v1h-1z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Square();
}
