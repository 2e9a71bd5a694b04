using System.Globalization;

namespace EsimFly.Dashboard.Simulator;

/// <summary>An order and its eSIM that never were: what simulated events are about.</summary>
/// <param name="OrderId">eSIMfly's order id.</param>
/// <param name="OrderReference">The order's reference.</param>
/// <param name="Iccid">The eSIM's ICCID, with a right check digit, of a prefix that no network has.</param>
/// <param name="Package">What was ordered.</param>
internal sealed record SimulatedSubject(string OrderId, string OrderReference, string Iccid, SimulatedPackage Package)
{
    /// <summary>Whether only the eSIM has been heard of; the order is made up.</summary>
    public bool IsEsimAlone { get; init; }

    // ITU-T E.118: 89 for telecommunications; 999 is no country's.
    private const string IccidPrefix = "89999";

    /// <summary>One that has not been before, as far as chance can tell.</summary>
    public static SimulatedSubject New(Random random)
    {
        var number = random.Next(100_000, 1_000_000).ToString(CultureInfo.InvariantCulture);
        return new(
            $"TEST-{number}{random.Next(10, 100)}",
            $"TEST-REF-{number}",
            NewIccid(random),
            SimulatedPackage.All[random.Next(SimulatedPackage.All.Count)]
        );
    }

    /// <summary>Another eSIM, for orders of several.</summary>
    public static string NewIccid(Random random)
    {
        var digits = IccidPrefix + random.NextInt64(0, 10_000_000_000_000).ToString("0000000000000", CultureInfo.InvariantCulture);
        var sum = digits.Reverse().Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 2 : 1)).Sum(value => value > 9 ? value - 9 : value);
        return digits + (char)('0' + ((10 - (sum % 10)) % 10));
    }
}

/// <summary>Something to order.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="Amount">What it costs.</param>
/// <param name="DataGb">Its data, in GB.</param>
/// <param name="Days">How long it is good for.</param>
internal sealed record SimulatedPackage(string Code, string Name, decimal Amount, decimal DataGb, int Days)
{
    /// <summary>Those that there are.</summary>
    public static IReadOnlyList<SimulatedPackage> All { get; } =
    [
        new("US-1GB-7D", "USA 1GB - 7 Days", 5.50m, 1, 7),
        new("JP-12GB-4D", "Japan 12 GB 4 Days", 14.20m, 12, 4),
        new("EU-10GB-30D", "Europe 10GB - 30 Days", 18.90m, 10, 30),
        new("TH-15GB-8D", "Thailand 15GB - 8 Days", 9.95m, 15, 8),
    ];

    /// <summary>The one with that code; the first where there is none.</summary>
    public static SimulatedPackage Find(string? code) =>
        All.FirstOrDefault(package => string.Equals(package.Code, code, StringComparison.Ordinal)) ?? All[0];
}
