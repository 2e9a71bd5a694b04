using System.Text.Json.Serialization;

namespace EsimFly.Dashboard.Storage;

/// <summary>How long what can be done without is kept. What deliveries said, and what became of them, is kept for ever.</summary>
internal sealed record Retention
{
    /// <summary>eSIMfly's retries go on for over an hour, and support asks about yesterday: shorter would be careless.</summary>
    public const int ShortestDays = 7;

    /// <summary>Where it is kept.</summary>
    public static StoredSetting<Retention> Setting { get; } = new("retention", RetentionJson.Default.Retention);

    /// <summary>After so many days the raw bodies and headers of processed deliveries are emptied; 0 for never.</summary>
    public int BodyDays { get; init; }

    /// <summary>Why it cannot be used, in words; null where it can.</summary>
    public string? Problem => BodyDays is 0 or (>= ShortestDays and <= 3650) ? null : $"Bodies are kept for {ShortestDays} to 3,650 days, or for ever with 0.";
}

/// <summary>Up to when bodies have been emptied already.</summary>
internal sealed record RetentionMark
{
    /// <summary>Where it is kept.</summary>
    public static StoredSetting<RetentionMark> Setting { get; } = new("retention.mark", RetentionJson.Default.RetentionMark);

    /// <summary>Received before this, Unix milliseconds: nothing more is to be done.</summary>
    public long BodiesBeforeMs { get; init; }
}

/// <summary>The JSON forms of <see cref="Retention"/> and <see cref="RetentionMark"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Retention))]
[JsonSerializable(typeof(RetentionMark))]
internal sealed partial class RetentionJson : JsonSerializerContext;
