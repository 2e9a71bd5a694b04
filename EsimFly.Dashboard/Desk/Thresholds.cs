using System.Text.Json.Serialization;
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

    /// <summary>So many rejected requests within ten minutes are a burst.</summary>
    public int RejectedBurst { get; init; } = 5;

    /// <summary>After so many hours without a delivery the silence is worth a look; 0 for never.</summary>
    public int SilenceHours { get; init; } = 24;

    /// <summary>Below this a low balance is pressing, in the account's currency; null for eSIMfly's threshold alone.</summary>
    public decimal? CriticalBalance { get; init; }

    /// <summary>Why these cannot be used, in words; null where they can.</summary>
    public string? Problem =>
        this switch
        {
            { StuckMinutes: < 1 or > 1440 } => "“An order is stuck after” takes 1 to 1,440 minutes.",
            _ when StuckBadlyMinutes < StuckMinutes || StuckBadlyMinutes > 10080 =>
                "“It is badly stuck after” takes at least as many minutes as “An order is stuck after”, and at most 10,080.",
            { RejectedBurst: < 1 or > 500 } => "“Rejected requests in 10 minutes” takes 1 to 500: no more are kept.",
            { SilenceHours: < 0 or > 720 } => "“No deliveries for” takes 1 to 720 hours, or 0 for never.",
            { CriticalBalance: < 0 } => "“Balance is critical below” takes no amount below zero.",
            _ => null,
        };
}

/// <summary>The JSON form of <see cref="Thresholds"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Thresholds))]
internal sealed partial class ThresholdsJson : JsonSerializerContext;
