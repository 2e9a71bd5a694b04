using System.Text.Json.Serialization;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Desk;

/// <summary>From when on something is worth a look. Set by administrators, kept in the database, read each time.</summary>
public sealed record Thresholds
{
    /// <summary>Where they are kept.</summary>
    internal static StoredSetting<Thresholds> Setting { get; } = new("thresholds", ThresholdsJson.Default.Thresholds);

    /// <summary>After so many minutes an order that has not ended is worth a look.</summary>
    public int StuckMinutes { get; init; } = 5;

    /// <summary>After so many minutes it is to be followed up: from then on eSIMfly asks for that.</summary>
    public int StuckBadlyMinutes { get; init; } = 10;

    /// <summary>So many rejected requests within <see cref="BurstWindow"/> are a burst.</summary>
    public int RejectedBurst { get; init; } = 5;

    /// <summary>After so many hours without a delivery the silence is worth a look; 0 for never.</summary>
    public int SilenceHours { get; init; } = 24;

    /// <summary>Below this a low balance is pressing, in the account's currency; null for eSIMfly's threshold alone.</summary>
    public decimal? CriticalBalance { get; init; }

    internal static readonly Bounds StuckBounds = new(1, 1440);
    internal static readonly Bounds StuckBadlyBounds = new(1, 10_080);
    internal static readonly Bounds BurstBounds = new(1, RejectedRing.MaxRows);
    internal static readonly Bounds SilenceBounds = new(0, 720);

    /// <summary>How long the time is within which rejected requests are a burst.</summary>
    internal static readonly TimeSpan BurstWindow = TimeSpan.FromMinutes(10);

    /// <summary>Why these cannot be used, in words; null where they can.</summary>
    public string? Problem =>
        this switch
        {
            _ when !StuckBounds.Has(StuckMinutes) => $"“An order is stuck after” takes {StuckBounds} minutes.",
            _ when StuckBadlyMinutes < StuckMinutes || !StuckBadlyBounds.Has(StuckBadlyMinutes) =>
                "“It is badly stuck after” takes at least as many minutes as “An order is stuck after”, and at most "
                    + $"{InWords.Of(StuckBadlyBounds.Most)}.",
            _ when !BurstBounds.Has(RejectedBurst) => $"“Rejected requests” takes {BurstBounds}: no more are kept.",
            _ when !SilenceBounds.Has(SilenceHours) => $"“No deliveries for” takes {SilenceBounds} hours; 0 is for never.",
            { CriticalBalance: < 0 } => "“Balance is critical below” takes no amount below zero.",
            _ => null,
        };
}

/// <summary>The JSON form of <see cref="Thresholds"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Thresholds))]
internal sealed partial class ThresholdsJson : JsonSerializerContext;
