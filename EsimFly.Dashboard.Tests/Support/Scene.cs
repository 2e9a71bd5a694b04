using System.Globalization;
using System.Text.Json.Nodes;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>
/// A reseller's last days, made of the deliveries that eSIMfly would have sent: what staff meet on an ordinary afternoon,
/// one of each trouble among it. The same each time, but for the instants, which are counted back from the present.
/// </summary>
internal sealed class Scene
{
    public const string HealthyIccid = "8948010010092440014";
    public const string SwitchedOffIccid = "8948010010092440022";
    public const string NeverInstalledIccid = "8948010010092440030";
    public const string ExpiringIccid = "8948010010092440048";
    public const string DueIccid = "8948010010092440055";
    public const string UsedUpIccid = "8948010010092440063";
    public const string ExpiredIccid = "8948010010092440071";
    public const string TopUpFailedIccid = "8948010010092440089";
    public const string DeletedIccid = "8948010010092440097";
    public const string HealthyOrder = "ORD-740011";
    public const string NeverInstalledOrder = "ORD-740037";
    public const string SlowOrder = "ORD-748120";
    public const string StuckOrder = "ORD-748106";
    public const string RetryableOrder = "ORD-748099";
    public const string FinalOrder = "ORD-748087";

    private static readonly (string Code, string Name, decimal Amount, decimal Gb, int Days)[] Packages =
    [
        ("US-1GB-7D", "USA 1GB - 7 Days", 5.50m, 1, 7),
        ("JP-12GB-4D", "Japan 12 GB 4 Days", 14.20m, 12, 4),
        ("EU-10GB-30D", "Europe 10GB - 30 Days", 18.90m, 10, 30),
        ("TR-3GB-15D", "Türkiye 3GB - 15 Days", 7.80m, 3, 15),
        ("TH-15GB-8D", "Thailand 15GB - 8 Days", 9.95m, 15, 8),
        ("GL-5GB-60D", "Global 5GB - 60 Days", 32.00m, 5, 60),
    ];

    private readonly DateTimeOffset now;
    private readonly List<(TimeSpan Ago, string Contract, string Event, JsonObject Data)> story = [];
    private readonly Random random = new(2026);
    private int next = 741000;

    private Scene(DateTimeOffset now) => this.now = now;

    /// <summary>Sends all of it, oldest first, and waits until it is folded.</summary>
    /// <param name="app">The application.</param>
    /// <param name="clock">The application's clock, to be set to when each is sent; null to send them all at once.</param>
    public static async Task PlayAsync(DashboardApp app, ShiftedClock? clock = null)
    {
        var scene = new Scene(app.Get<TimeProvider>().GetUtcNow());
        scene.Ordinary();
        scene.Troubles();
        foreach (var (ago, contract, name, data) in scene.story.OrderByDescending(item => item.Ago))
        {
            clock?.Shift(-ago);
            await app.DeliverAsync(Signing.Request(Body(name, scene.now - ago, data), contract, eventName: name));
            if (clock is not null)
            {
                await app.SettleAsync(); // or it would be processed by a later clock
            }
        }

        clock?.Shift(TimeSpan.Zero);
        using var forged = await app.Client.SendAsync(
            Signing.Request(Samples.Read("2025-11/order.completed"), secret: "whsec_of_someone_else", eventName: "order.completed"),
            TestContext.Current.CancellationToken
        );
        await app.SettleAsync();
    }

    /// <summary>
    /// Three deliveries that were refused when they first came: one came in the end, one is still expected, one is given up.
    /// </summary>
    public static async Task RetriesAsync(DashboardApp app, ShiftedClock clock)
    {
        var scene = new Scene(app.Get<TimeProvider>().GetUtcNow());
        var package = Packages[1];
        (string Id, string Order, TimeSpan[] Ago, bool Comes)[] stories =
        [
            (
                "5a1c9f04-6d8e-4b53-9a57-0c2f6f1f7d10",
                "ORD-747901",
                [TimeSpan.FromHours(3), TimeSpan.FromHours(3) - TimeSpan.FromSeconds(5), TimeSpan.FromHours(3) - TimeSpan.FromSeconds(35)],
                false
            ),
            (
                "c3d7e2ab-90f1-4c6e-8f0d-7b1a55e3c9d4",
                "ORD-748044",
                [TimeSpan.FromMinutes(24), TimeSpan.FromMinutes(24) - TimeSpan.FromSeconds(5)],
                true
            ),
            (
                "e81f6c55-2b7a-4f19-b3c2-6a9d0e4f7b21",
                "ORD-748131",
                [
                    TimeSpan.FromMinutes(4),
                    TimeSpan.FromMinutes(4) - TimeSpan.FromSeconds(5),
                    TimeSpan.FromMinutes(4) - TimeSpan.FromSeconds(35),
                    TimeSpan.FromMinutes(4) - TimeSpan.FromSeconds(155),
                ],
                false
            ),
        ];
        foreach (var (id, order, times, comes) in stories)
        {
            var body = Body(
                "order.created",
                scene.now - times[0],
                new()
                {
                    ["order_id"] = order,
                    ["order_reference"] = "REF-" + order[^5..],
                    ["package_code"] = package.Code,
                    ["package_name"] = package.Name,
                    ["quantity"] = 1,
                    ["amount"] = package.Amount,
                    ["status"] = "processing",
                }
            );
            foreach (var ago in times)
            {
                clock.Shift(-ago);
                var isLast = comes && ago == times[^1];
                using var answer = await app.Client.SendAsync(
                    Signing.Request(
                        body,
                        secret: isLast ? Signing.Secret : "whsec_before_it_was_rotated",
                        id: id,
                        eventName: "order.created"
                    ),
                    TestContext.Current.CancellationToken
                );
                await app.SettleAsync();
                if (!isLast)
                {
                    var at = app.Get<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds() - 1000;
                    await Eventually.IsTrueAsync(
                        async () =>
                        {
                            await using var context = app.OpenContext();
                            return context.Rejected.Any(row => row.DeliveryId == id && row.ReceivedAtMs >= at);
                        },
                        "the refusal is logged"
                    );
                }
            }
        }

        clock.Shift(TimeSpan.Zero);
    }

    private static byte[] Body(string name, DateTimeOffset at, JsonObject data) =>
        System.Text.Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["event"] = name,
                ["timestamp"] = Text(at),
                ["data"] = data,
            }.ToJsonString()
        );

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void Older(TimeSpan ago, string name, JsonObject data) => story.Add((ago, Samples.Older, name, data));

    private void Newer(TimeSpan ago, string name, JsonObject data) => story.Add((ago, Samples.Newer, name, data));

    private void Ordinary()
    {
        for (var i = 0; i < 70; i++)
        {
            // More of them lately, so that the last hour shows a day's traffic.
            var ago =
                i < 40
                    ? TimeSpan.FromMinutes(12 + (i * 1.2) + random.NextDouble())
                    : TimeSpan.FromHours(1 + (i - 40) * 1.6 + random.NextDouble());
            var package = Packages[random.Next(Packages.Length)];
            var iccid = WithCheckDigit(string.Create(CultureInfo.InvariantCulture, $"894801001009{300000 + (i * 819):000000}"));
            var order = Sold(ago, $"ORD-{next}", $"REF-{next++}", package, iccid);
            if (i % 3 != 0)
            {
                InUse(ago - TimeSpan.FromMinutes(5), order, iccid, package);
            }
        }

        decimal[] balances = [2481.40m, 2598.15m, 2702.60m, 2811.95m, 2934.20m, 2412.75m, 2560.30m, 2688.90m, 2851.05m, 2978.55m];
        for (var i = 0; i < balances.Length; i++)
        {
            Older(
                TimeSpan.FromMinutes(35) + TimeSpan.FromHours(i * 15),
                "balance.low",
                new()
                {
                    ["current_balance"] = balances[i],
                    ["threshold"] = 3000.00m,
                    ["message"] = "Account balance is running low",
                }
            );
        }
    }

    private void Troubles()
    {
        var (us, japan, europe) = (Packages[0], Packages[1], Packages[2]);
        Placed(TimeSpan.FromMinutes(7), SlowOrder, "REF-48120", japan);
        Placed(TimeSpan.FromMinutes(23), StuckOrder, "REF-48106", europe);
        Placed(TimeSpan.FromMinutes(31), RetryableOrder, "REF-48099", us);
        Older(
            TimeSpan.FromMinutes(30),
            "order.failed",
            new()
            {
                ["order_id"] = RetryableOrder,
                ["order_reference"] = "REF-48099",
                ["error_code"] = "PROVIDER_ERROR",
                ["error_message"] = "Temporary provider issue",
                ["can_retry"] = true,
            }
        );
        Placed(TimeSpan.FromMinutes(95), FinalOrder, "REF-48087", europe);
        Older(
            TimeSpan.FromMinutes(94),
            "order.failed",
            new()
            {
                ["order_id"] = FinalOrder,
                ["order_reference"] = "REF-48087",
                ["error_code"] = "PACKAGE_NOT_AVAILABLE",
                ["error_message"] = "Package is not available",
                ["can_retry"] = false,
            }
        );

        InUse(TimeSpan.FromHours(9), Sold(TimeSpan.FromHours(10), HealthyOrder, "REF-40011", europe, HealthyIccid), HealthyIccid, europe);
        Usage(TimeSpan.FromMinutes(50), "REF-40011", HealthyIccid, 4.1m, 10);
        Topped(TimeSpan.FromHours(2), HealthyIccid, europe, TimeSpan.FromDays(45));

        InUse(TimeSpan.FromHours(20), Sold(TimeSpan.FromHours(21), "ORD-740029", "REF-40029", us, SwitchedOffIccid), SwitchedOffIccid, us);
        Profile(TimeSpan.FromMinutes(40), "REF-40029", SwitchedOffIccid, "Disable", "Disabled", "Enable");

        Sold(TimeSpan.FromHours(5), NeverInstalledOrder, "REF-40037", japan, NeverInstalledIccid);

        InUse(
            TimeSpan.FromDays(6.8),
            Sold(TimeSpan.FromDays(6.9), "ORD-740045", "REF-40045", us, ExpiringIccid),
            ExpiringIccid,
            us,
            TimeSpan.FromHours(5)
        );
        InUse(
            TimeSpan.FromDays(7.1),
            Sold(TimeSpan.FromDays(7.2), "ORD-740052", "REF-40052", us, DueIccid),
            DueIccid,
            us,
            TimeSpan.FromHours(-2)
        );

        InUse(TimeSpan.FromHours(30), Sold(TimeSpan.FromHours(31), "ORD-740060", "REF-40060", japan, UsedUpIccid), UsedUpIccid, japan);
        Usage(TimeSpan.FromMinutes(75), "REF-40060", UsedUpIccid, 11.9m, 12);
        Newer(
            TimeSpan.FromMinutes(60),
            "esim.status.changed",
            Subject(
                "REF-40060",
                UsedUpIccid,
                new()
                {
                    ["old_status"] = "ACTIVE",
                    ["new_status"] = "DEPLETED",
                    ["changed_at"] = Text(now - TimeSpan.FromMinutes(60)),
                }
            )
        );

        InUse(
            TimeSpan.FromDays(8),
            Sold(TimeSpan.FromDays(8.1), "ORD-740078", "REF-40078", us, ExpiredIccid),
            ExpiredIccid,
            us,
            TimeSpan.FromDays(-1)
        );
        Older(
            TimeSpan.FromDays(1),
            "esim.expired",
            new()
            {
                ["iccid"] = ExpiredIccid,
                ["package_name"] = us.Name,
                ["data_used"] = 0.85m,
                ["data_total"] = 1.00m,
                ["expired_at"] = Text(now - TimeSpan.FromDays(1)),
            }
        );
        Older(
            TimeSpan.FromMinutes(20),
            "topup.failed",
            new()
            {
                ["iccid"] = ExpiredIccid,
                ["package_code"] = us.Code,
                ["error_code"] = "TOPUP_NOT_ALLOWED",
                ["error_message"] = "eSIM has expired and cannot be topped up",
            }
        );

        InUse(
            TimeSpan.FromHours(14),
            Sold(TimeSpan.FromHours(15), "ORD-740086", "REF-40086", europe, TopUpFailedIccid),
            TopUpFailedIccid,
            europe
        );
        Older(
            TimeSpan.FromMinutes(16),
            "topup.failed",
            new()
            {
                ["iccid"] = TopUpFailedIccid,
                ["package_code"] = europe.Code,
                ["package_name"] = europe.Name,
                ["error_code"] = "INSUFFICIENT_BALANCE",
                ["error_message"] = "Insufficient balance",
            }
        );

        InUse(TimeSpan.FromHours(26), Sold(TimeSpan.FromHours(27), "ORD-740094", "REF-40094", europe, DeletedIccid), DeletedIccid, europe);
        Profile(TimeSpan.FromMinutes(55), "REF-40094", DeletedIccid, "Delete", "Deleted", "Enable");

        Newer(TimeSpan.FromMinutes(9), "esim.suspended", Subject("REF-40011", HealthyIccid, []));
    }

    private void Placed(
        TimeSpan ago,
        string id,
        string reference,
        (string Code, string Name, decimal Amount, decimal Gb, int Days) package
    ) =>
        Older(
            ago,
            "order.created",
            new()
            {
                ["order_id"] = id,
                ["order_reference"] = reference,
                ["package_code"] = package.Code,
                ["package_name"] = package.Name,
                ["quantity"] = 1,
                ["amount"] = package.Amount,
                ["status"] = "processing",
            }
        );

    private string Sold(
        TimeSpan ago,
        string id,
        string reference,
        (string Code, string Name, decimal Amount, decimal Gb, int Days) package,
        string iccid
    )
    {
        Placed(ago, id, reference, package);
        var lpa = $"LPA:1$rsp.example.com$MATCH-{iccid[^6..]}";
        Older(
            ago - TimeSpan.FromSeconds(70 + random.Next(100)),
            "order.completed",
            new()
            {
                ["order_id"] = id,
                ["order_reference"] = reference,
                ["esims"] = new JsonArray(
                    new JsonObject
                    {
                        ["iccid"] = iccid,
                        ["qr_code"] = lpa,
                        ["activation_code"] = lpa,
                        ["status"] = "new",
                    }
                ),
            }
        );
        return reference;
    }

    private void InUse(
        TimeSpan ago,
        string reference,
        string iccid,
        (string Code, string Name, decimal Amount, decimal Gb, int Days) package,
        TimeSpan? endsIn = null
    )
    {
        Newer(
            ago,
            "esim.installed",
            Subject(
                reference,
                iccid,
                new()
                {
                    ["package_code"] = package.Code,
                    ["eid"] = "89049032020008884800235164256791",
                    ["installed_at"] = Text(now - ago),
                }
            )
        );
        var on = ago - TimeSpan.FromSeconds(40);
        Profile(on, reference, iccid, "Enable", "Enabled", "BPP installation");
        var active = ago - TimeSpan.FromSeconds(100);
        Older(
            active,
            "esim.activated",
            new()
            {
                ["iccid"] = iccid,
                ["package_name"] = package.Name,
                ["activated_at"] = Text(now - active),
                ["expires_at"] = Text(endsIn is { } left ? now + left : now - active + TimeSpan.FromDays(package.Days)),
            }
        );
    }

    private void Profile(TimeSpan ago, string reference, string iccid, string word, string label, string before) =>
        Newer(
            ago,
            "esim.profile.updated",
            Subject(
                reference,
                iccid,
                new()
                {
                    ["profile_status"] = word,
                    ["profile"] = label,
                    ["previous_profile_status"] = before,
                    ["changed_at"] = Text(now - ago),
                }
            )
        );

    private void Usage(TimeSpan ago, string reference, string iccid, decimal used, decimal total) =>
        Newer(
            ago,
            "esim.usage.threshold",
            Subject(
                reference,
                iccid,
                new()
                {
                    ["threshold_remaining_mb"] = 100,
                    ["used_percent"] = decimal.Round(used / total * 100),
                    ["used_gb"] = used,
                    ["total_gb"] = total,
                    ["remaining_gb"] = total - used,
                    ["reported_at"] = Text(now - ago),
                }
            )
        );

    private void Topped(
        TimeSpan ago,
        string iccid,
        (string Code, string Name, decimal Amount, decimal Gb, int Days) package,
        TimeSpan endsIn
    ) =>
        Older(
            ago,
            "topup.completed",
            new()
            {
                ["iccid"] = iccid,
                ["package_code"] = package.Code,
                ["package_name"] = package.Name,
                ["amount"] = package.Amount,
                ["new_expiry"] = Text(now + endsIn),
            }
        );

    // ITU-T E.118: the last digit of an ICCID is Luhn's.
    private static string WithCheckDigit(string digits)
    {
        var sum = digits.Reverse().Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 2 : 1)).Sum(value => value > 9 ? value - 9 : value);
        return digits + (char)('0' + ((10 - (sum % 10)) % 10));
    }

    private static JsonObject Subject(string reference, string iccid, JsonObject data)
    {
        data["iccid"] = iccid;
        data["order_reference"] = reference;
        return data;
    }
}
