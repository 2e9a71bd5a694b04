using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace EsimFly.Dashboard.Tests.Browser;

/// <summary>
/// How long each list, filter and search takes with a long history, by the pages' own timing. Not part of the tests, and
/// nothing is asserted: see benchmarks/README.md.
/// </summary>
public sealed class ListBenchmark
{
    private const int Rounds = 7;

    private readonly StringBuilder report = new();

    private static readonly string[] Packages =
    [
        "USA 1GB - 7 Days",
        "Japan 12 GB 4 Days",
        "Europe 10GB - 30 Days",
        "Thailand 15GB - 8 Days",
    ];
    private static readonly string[] Errors = ["PROVIDER_ERROR", "PACKAGE_NOT_AVAILABLE", "INSUFFICIENT_BALANCE"];

    private static readonly string[] Lists =
    [
        "/orders",
        "/orders?sort=oldest",
        "/orders?show=processing",
        "/orders?show=stuck",
        "/orders?show=completed",
        "/orders?show=failed",
        "/orders?show=retry",
        "/orders?show=final",
        "/orders?show=failed&error=PACKAGE_NOT_AVAILABLE",
        "/orders?show=failed&package=USA%201GB%20-%207%20Days",
        "/orders?show=failed-today",
        "/orders?q=ORD",
        "/orders?q=ORD-5",
        "/orders?q=ORD-50",
        "/orders?q=REF-49999",
        "/esims",
        "/esims?sort=oldest",
        "/esims?show=active",
        "/esims?show=24h",
        "/esims?show=72h",
        "/esims?show=due",
        "/esims?show=expired",
        "/esims?q=4999",
        "/esims?q=8948",
        "/top-ups",
        "/top-ups?show=open",
        "/top-ups?q=4999",
        "/deliveries",
        "/deliveries?sort=oldest",
        "/deliveries?state=processed",
        "/deliveries?state=quarantined",
        "/deliveries?event=order.failed",
        "/deliveries?q=0a",
        "/deliveries?q=order.created",
    ];

    private static readonly string[] Searches =
    [
        "4999",
        "89480100100049",
        "ORD-50000",
        "50000",
        "REF-499",
        "0a1b",
        "123456",
        "8948",
        "ORD",
        "REF",
    ];

    [Fact(Explicit = true)]
    public async Task Lists_WithALongHistory()
    {
        RequiredTool.Need(RequiredTool.Chromium);
        var orders = int.Parse(Environment.GetEnvironmentVariable("ESIMFLY_BENCHMARK_ORDERS") ?? "100000", CultureInfo.InvariantCulture);
        await using var app = new DashboardApp();
        await FillAsync(app, orders);
        await using var browser = await ChromiumBrowser.LaunchAsync();
        await browser.SignInAsync(app, AccountRole.Viewer);
        report.AppendLine(
            CultureInfo.InvariantCulture,
            $"{orders:#,0} orders, {orders * 5:#,0} deliveries; milliseconds to read a page, median and most of {Rounds}"
        );
        foreach (var path in Lists)
        {
            var times = new List<double>();
            for (var i = 0; i < Rounds; i++)
            {
                var page = await browser.OpenAsync(app.Address, path);
                times.Add(await ReadAsync(page.Locator(".pager [data-read-ms], .empty").First));
                await page.CloseAsync();
            }

            Report(path, times);
        }

        var desk = await browser.OpenAsync(app.Address, "/");
        foreach (var term in Searches)
        {
            var times = new List<double>();
            for (var i = 0; i < Rounds; i++)
            {
                await desk.Keyboard.PressAsync("Control+k");
                await desk.Locator("#search-term").FillAsync(term);
                await Assertions.Expect(desk.Locator("#search-results")).ToHaveAttributeAsync("data-term", term);
                await desk.Locator("[role=option]").First.Or(desk.Locator(".search-hint")).WaitForAsync();
                times.Add(await ReadAsync(desk.Locator("#search-results")));
                await desk.Locator("#search-term").FillAsync("");
                await desk.Keyboard.PressAsync("Escape");
            }

            Report($"search {term}", times);
        }

        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName, "lists.txt");
        await File.WriteAllTextAsync(file, report.ToString(), TestContext.Current.CancellationToken);
    }

    // An empty list has no footer to say so.
    private static async Task<double> ReadAsync(ILocator timed) =>
        await timed.GetAttributeAsync("data-read-ms") is { } ms ? double.Parse(ms, CultureInfo.InvariantCulture) : double.NaN;

    private static async Task FillAsync(DashboardApp app, int orders)
    {
        var inbox = app.Get<DeliveryLog>();
        var now = DateTimeOffset.UtcNow;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 256, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, orders),
            parallel,
            async (i, _) =>
            {
                foreach (var (name, at, data) in Story(i, now - TimeSpan.FromSeconds((orders - i) * 60.0)))
                {
                    var body = JsonSerializer.SerializeToUtf8Bytes(
                        new
                        {
                            @event = name,
                            timestamp = at.ToString("O", CultureInfo.InvariantCulture),
                            data,
                        }
                    );
                    AppendResult kept;
                    do
                    {
                        kept = await inbox.AppendAsync(
                            new NewDelivery
                            {
                                IsTest = false,
                                BodyHash = SHA256.HashData(body),
                                Contract = ContractVersion.V2025_11,
                                SignedForm = SignedForm.RawBody,
                                SecretId = 0,
                                Body = body,
                                Headers = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                                    new Dictionary<string, string>(StringComparer.Ordinal)
                                    {
                                        ["X-eSIMfly-Delivery-ID"] = Guid.NewGuid().ToString(),
                                        ["X-eSIMfly-Event"] = name,
                                    }
                                ),
                                ReceivedAtMs = at.ToUnixTimeMilliseconds(),
                                Address = "127.0.0.1",
                            },
                            CancellationToken.None
                        );
                    } while (kept.Outcome is not (AppendOutcome.Stored or AppendOutcome.Duplicate));
                }
            }
        );
        await Eventually.IsTrueAsync(
            async () => (await app.Get<WaitingDeliveries>().BacklogAsync(CancellationToken.None)).Count == 0,
            "all is folded",
            TimeSpan.FromMinutes(10)
        );
    }

    // Five deliveries an order: nine in ten complete and are used, one in twenty fails, some hang, some are topped up.
    private static IEnumerable<(string Name, DateTimeOffset At, object Data)> Story(int i, DateTimeOffset placed)
    {
        var (id, reference, iccid, package) = ($"ORD-{i}", $"REF-{i}", $"89480100100{i:00000000}", Packages[i % Packages.Length]);
        yield return (
            "order.created",
            placed,
            new
            {
                order_id = id,
                order_reference = reference,
                package_name = package,
                quantity = 1,
                amount = 5.50m,
            }
        );
        if (i % 20 == 0)
        {
            for (var k = 0; k < 4; k++)
            {
                yield return (
                    "order.failed",
                    placed.AddSeconds(10 + k),
                    new
                    {
                        order_id = id,
                        order_reference = reference,
                        error_code = Errors[i / 20 % Errors.Length],
                        error_message = "It failed",
                        can_retry = i / 20 % Errors.Length == 0,
                    }
                );
            }

            yield break;
        }

        if (i % 100 == 7)
        {
            yield break; // hangs
        }

        yield return (
            "order.completed",
            placed.AddSeconds(60),
            new
            {
                order_id = id,
                order_reference = reference,
                esims = new[]
                {
                    new
                    {
                        iccid,
                        activation_code = $"LPA:1$rsp.example.com$M-{i}",
                        status = "new",
                    },
                },
            }
        );
        yield return (
            "esim.activated",
            placed.AddHours(1),
            new
            {
                iccid,
                package_name = package,
                activated_at = placed.AddHours(1),
                expires_at = placed.AddDays(7 + (i % 60)),
            }
        );
        yield return i % 10 == 3
            ? (
                "topup.failed",
                placed.AddHours(2),
                new
                {
                    iccid,
                    package_code = "X",
                    error_code = Errors[i % Errors.Length],
                    error_message = "It failed",
                }
            )
            : (
                "topup.completed",
                placed.AddHours(2),
                new
                {
                    iccid,
                    package_code = "X",
                    amount = 8m,
                    new_expiry = placed.AddDays(8 + (i % 60)),
                }
            );
        var ends = placed.AddDays(8 + (i % 60));
        yield return ends < DateTimeOffset.UtcNow
            ? (
                "esim.expired",
                ends,
                new
                {
                    iccid,
                    package_name = package,
                    data_used = 0.85m,
                    data_total = 1.00m,
                    expired_at = ends,
                }
            )
            : (
                "esim.usage.threshold",
                placed.AddHours(3),
                new
                {
                    iccid,
                    used_gb = 0.5m,
                    total_gb = 1m,
                    remaining_gb = 0.5m,
                    threshold_remaining_mb = 500,
                }
            );
    }

    private void Report(string what, List<double> times)
    {
        times.Sort();
        report.AppendLine(CultureInfo.InvariantCulture, $"{Ms(times[times.Count / 2])} {Ms(times[^1])}  {what}");
    }

    private static string Ms(double time) => time.ToString("0.0", CultureInfo.InvariantCulture).PadLeft(8);
}
