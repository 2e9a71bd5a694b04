using System.Collections.Concurrent;
using System.Text;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>A code that could be nothing else is sent in, every way it can come, and looked for wherever it must not be.</summary>
public sealed class CanaryTests
{
    private const string Canary = "CANARY-7Q4Z-DO-NOT-LEAK";
    private const string Lpa = "LPA:1$rsp.example.com$" + Canary;
    private const string Iccid = "8901234567890123456";

    private static readonly string[] ApiPaths =
    [
        "/api/v1/orders",
        "/api/v1/orders/ORD-123456",
        "/api/v1/esims",
        $"/api/v1/esims/{Iccid}",
        "/api/v1/top-ups",
        "/api/v1/balance",
        "/api/v1/deliveries",
        "/api/v1/deliveries/1",
        "/api/v1/deliveries/2",
        "/api/v1/deliveries/3",
        "/api/v1/stats",
    ];

    [Fact]
    public async Task Canary_IsNowhere_UntilRevealed_AndThenThereIsOneAuditRow()
    {
        var logs = new HeardLog();
        await using var app = new DashboardApp(
            [("Logging:LogLevel:Default", "Trace")],
            services => services.AddSingleton<ILoggerProvider>(logs)
        );
        var heard = new ConcurrentQueue<string>();
        await using var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(app.Address, "/hubs/live?access_token=" + DashboardApp.ApiToken))
            .Build();
        hub.On<object>("Changed", message => heard.Enqueue(message.ToString()!));
        await hub.StartAsync(TestContext.Current.CancellationToken);
        await SendAsync(app);
        await app.SettleAsync();

        using var client = await app.SignInAsync(AccountRole.Admin);
        using var reader = app.Visitor();
        reader.DefaultRequestHeaders.Add("Authorization", "Bearer " + DashboardApp.ApiToken);
        var answers = new List<string>();
        foreach (var path in ApiPaths)
        {
            answers.Add(await reader.GetStringAsync(path, TestContext.Current.CancellationToken));
        }

        answers.Add(await client.GetStringAsync("/settings/audit.csv", TestContext.Current.CancellationToken));
        await Eventually.IsTrueAsync(() => !heard.IsEmpty, "the hub has spoken");
        Assert.All(answers, answer => Assert.DoesNotContain(Canary, answer, StringComparison.Ordinal));
        Assert.DoesNotContain(heard, message => message.Contains(Canary, StringComparison.Ordinal));
        await AssertFilesAreCleanAsync(app);

        var (code, _) = await app.Get<CodeReveal>()
            .RevealAsync(await app.JoinAsync(AccountRole.Support), Iccid, isTest: false, TestContext.Current.CancellationToken);

        Assert.Equal(Lpa, code!.QrText);
        await using var context = app.OpenContext();
        Assert.Equal(
            Iccid,
            (
                await context
                    .Audit.AsNoTracking()
                    .SingleAsync(row => row.Action == AuditActions.CodeRevealed, TestContext.Current.CancellationToken)
            ).Subject
        );
        await AssertFilesAreCleanAsync(app);
        Assert.NotEmpty(logs.Lines);
        Assert.DoesNotContain(
            logs.Lines,
            line => line.Contains(Canary, StringComparison.Ordinal) || line.Contains(Signing.Secret, StringComparison.Ordinal)
        );
    }

    [Fact]
    [Trait("Needs", "Chromium")]
    public async Task Canary_IsOnNoWireToTheBrowser_UntilRevealedThere()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        await using var app = new DashboardApp();
        await SendAsync(app);
        await app.SettleAsync();
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Support);
        var frames = new ConcurrentQueue<byte[]>();
        foreach (
            var path in new[] { "/", "/orders/ORD-123456", "/deliveries/1", "/deliveries/2", "/deliveries/rejected", $"/esims/{Iccid}" }
        )
        {
            var page = await browser.NewPageAsync(path);
            page.WebSocket += (_, socket) =>
                socket.FrameReceived += (_, frame) => frames.Enqueue(frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? ""));
            await page.GotoAsync(new Uri(app.Address, path).ToString());
            await page.Locator("h1").First.WaitForAsync();
            Assert.DoesNotContain(Canary, await page.ContentAsync(), StringComparison.Ordinal);
            if (!path.StartsWith("/esims", StringComparison.Ordinal))
            {
                await page.CloseAsync();
                continue;
            }

            Assert.NotEmpty(frames);
            Assert.DoesNotContain(frames, HasCanary);
            await page.GetByTestId("reveal").ClickAsync();
            await Assertions.Expect(page.GetByTestId("revealed")).ToContainTextAsync(Canary);
            Assert.Contains(frames, HasCanary); // so it would have been found before
            await page.GetByText("Hide now").ClickAsync();
            await Assertions.Expect(page.GetByTestId("revealed")).ToHaveCountAsync(0);
            Assert.DoesNotContain(Canary, await page.ContentAsync(), StringComparison.Ordinal);
        }

        await using var context = app.OpenContext();
        Assert.Equal(
            1,
            await context.Audit.CountAsync(row => row.Action == AuditActions.CodeRevealed, TestContext.Current.CancellationToken)
        );
        Assert.Empty(browser.Problems);

        static bool HasCanary(byte[] frame) => frame.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary)) >= 0;
    }

    // Verified and not, in every field that can bear it, in both contracts, folded and quarantined.
    private static async Task SendAsync(DashboardApp app)
    {
        await app.DeliverAsync(
            Signing.Request(
                Samples.With(
                    "2025-11/order.completed",
                    data =>
                    {
                        data["esims"]![0]!["qr_code"] = Lpa;
                        data["esims"]![0]!["activation_code"] = Lpa;
                        data["esims"]![0]!["note"] = $"your code is {Lpa}";
                    }
                )
            )
        );
        await app.DeliverAsync(
            Signing.Request(
                Samples.With(
                    "2026-04/esim.provisioned",
                    data =>
                    {
                        data["iccid"] = Iccid;
                        data["lpa_string"] = Lpa;
                        data["direct_apple_install_url"] =
                            "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=" + Uri.EscapeDataString(Lpa);
                    }
                ),
                Samples.Newer
            )
        );
        await app.DeliverAsync(Signing.Request(Unknown("lpa_string")));
        using var rejected = await app.Client.SendAsync(
            Signing.Request(Unknown("qr_code"), secret: "wrong"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, rejected.StatusCode);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = app.OpenContext();
                return await context.Rejected.AnyAsync(TestContext.Current.CancellationToken);
            },
            "the rejected request is kept"
        );
    }

    private static byte[] Unknown(string field) =>
        Encoding.UTF8.GetBytes(
            """{"event":"esim.surprise","data":{"FIELD":"CODE"}}"""
                .Replace("FIELD", field, StringComparison.Ordinal)
                .Replace("CODE", Lpa, StringComparison.Ordinal)
        );

    private static async Task AssertFilesAreCleanAsync(DashboardApp app)
    {
        var backup = Path.Combine(app.Folder, "backup.db");
        await using (var source = new SqliteConnection($"Data Source={app.Get<StoragePaths>().Log};Pooling=False"))
        await using (var target = new SqliteConnection($"Data Source={backup};Pooling=False"))
        {
            await source.OpenAsync(TestContext.Current.CancellationToken);
            await target.OpenAsync(TestContext.Current.CancellationToken);
            source.BackupDatabase(target);
        }

        foreach (
            var file in Directory
                .EnumerateFiles(app.Folder, "*", SearchOption.AllDirectories)
                .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
        )
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode })
            {
                Assert.True(bytes.ToArray().AsSpan().IndexOf(encoding.GetBytes(Canary)) < 0, $"The canary is in {Path.GetFileName(file)}.");
            }
        }

        File.Delete(backup);
    }
}
