using System.Text.Json;
using System.Text.Json.Serialization;

namespace EsimFly.Dashboard.Storage;

/// <summary>What an alert is about: what its words are made of.</summary>
public sealed record AlertFacts
{
    /// <summary>How many there are, where it stands for several.</summary>
    public int? Count { get; init; }

    /// <summary>Since when it is so, Unix milliseconds.</summary>
    public long? SinceMs { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public bool? CanRetry { get; init; }

    public string? PackageName { get; init; }

    public decimal? Balance { get; init; }

    public decimal? Threshold { get; init; }

    /// <summary>The currency of both, where the payload named one.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether deliveries verify meanwhile, so that it is somebody else's doing.</summary>
    public bool? IsNoise { get; init; }

    /// <summary>The number of the latest delivery that it rests on.</summary>
    public long? DeliverySeq { get; init; }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static AlertFacts FromJson(string json) =>
        JsonSerializer.Deserialize(json, AlertFactsJson.Default.AlertFacts)
        ?? throw new JsonException("The facts of an alert are missing.");

    /// <summary>The facts as JSON, those that are null left out.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AlertFactsJson.Default.AlertFacts);
}

/// <summary>The JSON form of <see cref="AlertFacts"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(AlertFacts))]
internal sealed partial class AlertFactsJson : JsonSerializerContext;
