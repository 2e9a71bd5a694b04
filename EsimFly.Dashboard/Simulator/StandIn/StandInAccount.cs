using System.Globalization;

namespace EsimFly.Dashboard.Simulator.StandIn;

/// <summary>
/// An account as eSIMfly's API shows it: its orders, eSIMs, balance and webhook. Made up, and the same for the same number of orders and
/// time, so that what a desk makes of it can be looked at and compared.
/// </summary>
internal sealed class StandInAccount
{
    /// <summary>The access code.</summary>
    public const string AccessCode = "esf_stand_in";

    /// <summary>The secret key.</summary>
    public const string SecretKey = "sk_stand_in_for_development";

    private static readonly (string Code, string Name, int Gb, int Days, decimal Cost)[] Packages =
    [
        ("PTR1G7D", "Turkey 1 GB 7 Days", 1, 7, 2.72m),
        ("PUS5G30D", "United States 5 GB 30 Days", 5, 30, 11.40m),
        ("PEU10G30D", "Europe 10 GB 30 Days", 10, 30, 16.90m),
        ("PJP3G15D", "Japan 3 GB 15 Days", 3, 15, 6.35m),
        ("PIQ2G30D", "Iraq 2 GB 30 Days", 2, 30, 8.10m),
    ];

    private static readonly string[] Countries = ["Turkey", "United States", "Germany", "Japan", "Iraq"];

    /// <summary>Makes an account.</summary>
    /// <param name="orders">How many orders it has had.</param>
    /// <param name="now">The present: orders lie in the 60 days before it.</param>
    public StandInAccount(int orders, DateTimeOffset now)
    {
        for (var number = 1; number <= orders; number++)
        {
            Add(number, now, now - TimeSpan.FromMinutes((orders - number) * (60.0 * 24 * 60 / Math.Max(orders, 1)) + 20));
        }
    }

    /// <summary>The orders, the oldest first.</summary>
    public List<StandInOrder> Orders { get; } = [];

    /// <summary>The eSIMs, by ICCID.</summary>
    public Dictionary<string, StandInEsim> Esims { get; } = new(StringComparer.Ordinal);

    /// <summary>What is left.</summary>
    public decimal Balance { get; set; } = 1500.25m;

    /// <summary>In which currency.</summary>
    public string Currency { get; set; } = "USD";

    /// <summary>Where the webhook goes; null where none is registered.</summary>
    public string? WebhookUrl { get; set; }

    /// <summary>The events of the webhook.</summary>
    public List<string> WebhookEvents { get; } = [];

    /// <summary>The secret that signs what the webhook sends.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Its latest deliveries, the latest first.</summary>
    public List<StandInDelivery> Recent { get; } = [];

    private void Add(int number, DateTimeOffset now, DateTimeOffset at)
    {
        var (code, name, gb, days, cost) = Packages[number % Packages.Length];
        var age = now - at;
        var status = (number % 23, number % 31) switch
        {
            (0, _) => "failed",
            (_, 0) => "cancelled",
            _ => "completed",
        };
        var order = new StandInOrder
        {
            Id = 10_000 + number,
            Reference = string.Create(CultureInfo.InvariantCulture, $"order_{at.ToUnixTimeSeconds()}_{number:x5}"),
            PackageCode = code,
            PackageName = name,
            Amount = cost,
            Currency = Currency,
            Status = status,
            CreatedAt = at,
        };
        Orders.Add(order);
        if (status is not "completed")
        {
            return;
        }

        var iccid = Iccid(number);
        order.Iccid = iccid;
        var isUsed = number % 4 != 1;
        var usedMb = isUsed ? gb * 1024m * (number % 10 + 1) / 11 : 0;
        var activated = at + TimeSpan.FromTicks(Math.Min(TimeSpan.FromHours(6).Ticks, age.Ticks / 2));
        var hasEnded = isUsed && now > activated.AddDays(days);
        Esims.Add(
            iccid,
            new()
            {
                Id = 2_000 + number,
                Iccid = iccid,
                PackageCode = code,
                PackageName = name,
                Country = Countries[number % Countries.Length],
                Status =
                    hasEnded ? "EXPIRED"
                    : isUsed ? "ACTIVE"
                    : "NEW",
                Profile = isUsed ? (number % 9 == 0 ? "Disable" : "Enable") : null,
                TotalMb = gb * 1024,
                UsedMb = Math.Round(usedMb, 1),
                Days = days,
                CreatedAt = at,
                ActivatedAt = isUsed ? activated : null,
                ExpiresAt = isUsed ? activated.AddDays(days) : null,
                WrongNetworks = number % 13 == 0 ? 4 : 0,
            }
        );
    }

    // 19 digits with the check digit of Luhn, under the prefix of no network.
    private static string Iccid(int number)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"899990{number:000000000000}");
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            var doubled = i % 2 == 0 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }

        return digits + (char)('0' + ((10 - (sum % 10)) % 10));
    }
}

/// <summary>An order of the account.</summary>
internal sealed class StandInOrder
{
    public required int Id { get; init; }

    public required string Reference { get; init; }

    public required string PackageCode { get; init; }

    public required string PackageName { get; init; }

    public required decimal Amount { get; init; }

    public required string Currency { get; init; }

    public required string Status { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its eSIM; null where it has none.</summary>
    public string? Iccid { get; set; }
}

/// <summary>An eSIM of the account.</summary>
internal sealed class StandInEsim
{
    public required int Id { get; init; }

    public required string Iccid { get; init; }

    public required string PackageCode { get; init; }

    public required string PackageName { get; init; }

    public required string Country { get; init; }

    public required string Status { get; set; }

    public string? Profile { get; set; }

    public required decimal TotalMb { get; init; }

    public required decimal UsedMb { get; set; }

    public required int Days { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ActivatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>How many contacts of the last 7 days were with networks outside the plan.</summary>
    public int WrongNetworks { get; set; }

    /// <summary>Its activation code.</summary>
    public string Lpa => $"LPA:1$rsp.stand-in.example$SI{Iccid[^9..]}XQ";
}

/// <summary>A delivery as the account counts it.</summary>
internal sealed record StandInDelivery(string Event, string OrderReference, string Status, int Attempts, DateTimeOffset LastAttempt);
