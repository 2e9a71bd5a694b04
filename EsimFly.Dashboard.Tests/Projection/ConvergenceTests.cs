using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Projection;

public class ConvergenceTests(ITestOutputHelper output)
{
    private static readonly string[] Iccids = ["8944500102198304826", "8948010010092445039", "8981100000012345678"];

    // How many cases are drawn.
    private protected virtual int Cases => 1000;

    [Fact]
    public async Task Project_AnyOrderAndBatching_EndsInEqualRows()
    {
        await using var bench = new ProjectionBench();
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var events = Enumerable
                .Range(0, random.Next(2, 14))
                .Select(_ => random.Next(4) == 0 ? AnyAnswer(random) : AnyEvent(random))
                .DistinctBy(Encoding.UTF8.GetString, StringComparer.Ordinal)
                .ToArray();

            await bench.ClearAsync();
            await bench.ProjectAsync(events, batchSize: 1 + random.Next(4));
            var first = await bench.RowsAsync();

            // Order, batches, and the way that the fold takes, differ; some come twice.
            var shuffled = (byte[][])events.Clone();
            random.Shuffle(shuffled);
            await bench.ClearAsync();
            await bench.ProjectAsync(shuffled.Concat(shuffled.Where(_ => random.Next(4) == 0)), batchSize: 1 + random.Next(events.Length));
            var second = await bench.RowsAsync();

            if (!string.Equals(first, second, StringComparison.Ordinal))
            {
                output.WriteLine($"seed {seed}:\n{string.Join('\n', events.Select(Encoding.UTF8.GetString))}");
            }

            Assert.Equal(first, second);
            if (seed % 10 == 0)
            {
                var report = await bench.Rebuild.RunAsync(apply: false, progress: null, TestContext.Current.CancellationToken);
                Assert.Empty(report.Differences);
            }
        }
    }

    [Fact]
    public async Task Deliver_InAnyOrderAndAnyNumberOfTimes_EndsInEqualRows()
    {
        string? first = null;
        for (var seed = 0; seed < 3; seed++)
        {
            await using var app = new DashboardApp();
            var random = new Random(seed);
            var deliveries = Samples.Names.SelectMany(name => Enumerable.Repeat(name, 1 + random.Next(3))).ToArray();
            random.Shuffle(deliveries);
            await Task.WhenAll(deliveries.Select(name => app.DeliverAsync(Signing.Sample(name))));
            await app.SettleAsync();

            var rows = await ProjectionBench.RowsAsync(app.OpenReadModel);

            Assert.Equal(first ??= rows, rows);
        }
    }

    // What eSIMfly's API answered about the same subjects at the same instants.
    private static byte[] AnyAnswer(Random random)
    {
        var asked = DateTimeOffset.UnixEpoch.AddYears(55).AddMinutes(random.Next(6));
        var answer = new JsonObject { ["asked_ms"] = asked.ToUnixTimeMilliseconds() };
        if (random.Next(2) == 0)
        {
            answer["order_reference"] = random.Next(2) == 0 ? "R1" : "R2";
            answer["status"] = new[] { "pending", "completed", "failed", "cancelled", "odd" }[random.Next(5)];
            answer["amount"] = random.Next(100) / 10m;
            answer["created_at"] = asked.AddMinutes(-random.Next(9)).ToString("O", CultureInfo.InvariantCulture);
            answer["esim"] = random.Next(2) == 0 ? new JsonObject { ["iccid"] = Iccids[random.Next(Iccids.Length)] } : null;
        }
        else
        {
            answer["iccid"] = Iccids[random.Next(Iccids.Length)];
            answer["status"] = new[] { "NEW", "ACTIVE", "EXPIRED", "DEPLETED", "DELETED", "ODD" }[random.Next(6)];
            answer["profile_status"] = new[] { "Enable", "Disable", null }[random.Next(3)];
            answer["data"] = new JsonObject { ["total_mb"] = 1024, ["used_mb"] = random.Next(1024) };
            answer["validity"] = new JsonObject
            {
                ["expires_at"] = asked.AddDays(random.Next(9)).ToString("O", CultureInfo.InvariantCulture),
            };
        }

        return Encoding.UTF8.GetBytes(answer.ToJsonString());
    }

    // Few subjects and instants, so that everything meets everything.
    private static byte[] AnyEvent(Random random)
    {
        string Pick(params string[] values) => values[random.Next(values.Length)];
        JsonNode Iccid() => Iccids[random.Next(Iccids.Length)];
        JsonNode Reference() => Pick("R1", "R2");
        JsonNode At() => DateTimeOffset.UnixEpoch.AddYears(55).AddMinutes(random.Next(6)).ToString("O", CultureInfo.InvariantCulture);

        var (name, data) = random.Next(13) switch
        {
            0 => (
                "order.created",
                new JsonObject
                {
                    ["order_id"] = Pick("O1", "O2"),
                    ["order_reference"] = Reference(),
                    ["quantity"] = random.Next(1, 3),
                    ["amount"] = random.Next(100) / 10m,
                    ["package_name"] = Pick("P", "Q"),
                }
            ),
            1 => (
                "order.completed",
                new JsonObject
                {
                    ["order_id"] = Pick("O1", "O2"),
                    ["order_reference"] = random.Next(3) == 0 ? null : Reference(),
                    ["esims"] = new JsonArray([
                        .. Enumerable
                            .Range(0, random.Next(3))
                            .Select(_ =>
                                (JsonNode)
                                    new JsonObject
                                    {
                                        ["iccid"] = Iccid(),
                                        ["activation_code"] = $"LPA:1$rsp$CODE-{random.Next(9)}",
                                        ["status"] = "new",
                                    }
                            ),
                    ]),
                }
            ),
            2 => (
                "order.failed",
                new JsonObject
                {
                    ["order_id"] = Pick("O1", "O2"),
                    ["order_reference"] = Reference(),
                    ["error_code"] = Pick("A", "B"),
                    ["can_retry"] = true,
                }
            ),
            3 => ("order.completed", new JsonObject { ["order_reference"] = Reference() }),
            4 => (
                "esim.provisioned",
                new JsonObject
                {
                    ["order_reference"] = Reference(),
                    ["iccid"] = Iccid(),
                    ["lpa_string"] = $"LPA:1$rsp$CODE-{random.Next(9)}",
                }
            ),
            5 => (
                "esim.installed",
                new JsonObject
                {
                    ["order_reference"] = Reference(),
                    ["iccid"] = Iccid(),
                    ["installed_at"] = At(),
                }
            ),
            6 => (
                "esim.profile.updated",
                new JsonObject
                {
                    ["order_reference"] = Reference(),
                    ["iccid"] = Iccid(),
                    ["profile_status"] = Pick("Enable", "Disable", "Delete", "BPP installation", "Odd"),
                }
            ),
            7 => (
                "esim.status.changed",
                new JsonObject
                {
                    ["order_reference"] = Reference(),
                    ["iccid"] = Iccid(),
                    ["new_status"] = Pick("NEW", "ACTIVE", "DEPLETED", "EXPIRED", "PENDING"),
                    ["expiry_date"] = At(),
                }
            ),
            8 => (
                "esim.usage.threshold",
                new JsonObject
                {
                    ["order_reference"] = Reference(),
                    ["iccid"] = Iccid(),
                    ["used_gb"] = random.Next(5),
                    ["total_gb"] = 5,
                }
            ),
            9 => (
                "esim.activated",
                new JsonObject
                {
                    ["iccid"] = Iccid(),
                    ["activated_at"] = At(),
                    ["expires_at"] = At(),
                }
            ),
            10 => (
                "esim.expired",
                new JsonObject
                {
                    ["iccid"] = Iccid(),
                    ["data_used"] = 0.5,
                    ["data_total"] = 1,
                    ["expired_at"] = At(),
                }
            ),
            11 => (
                "topup.completed",
                new JsonObject
                {
                    ["iccid"] = Iccid(),
                    ["amount"] = 8.00m,
                    ["new_expiry"] = At(),
                }
            ),
            _ => ("balance.low", new JsonObject { ["current_balance"] = random.Next(20), ["threshold"] = 20 }),
        };
        var envelope = new JsonObject
        {
            ["event"] = name,
            ["timestamp"] = random.Next(8) == 0 ? "some day" : At(),
            ["data"] = data,
        };
        return Encoding.UTF8.GetBytes(envelope.ToJsonString());
    }
}
