using System.Text.Json.Serialization;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// What the last nightly self-check found: a sample of orders and eSIMs, folded from their events in a shuffled order with some of them
/// doubled.
/// </summary>
public sealed record SelfCheckResult
{
    /// <summary>Where it is kept.</summary>
    internal static StoredSetting<SelfCheckResult> Setting { get; } = new("selfcheck", SelfCheckJson.Default.SelfCheckResult);

    /// <summary>When it was done, Unix milliseconds; 0 where it never was.</summary>
    public long AtMs { get; init; }

    /// <summary>How many orders and eSIMs were folded.</summary>
    public int Subjects { get; init; }

    /// <summary>How many events were applied, those doubled counted.</summary>
    public int Events { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public long DurationMs { get; init; }

    /// <summary>The orders and eSIMs that came out otherwise than they stand, by name; the first few.</summary>
    public IReadOnlyList<string> Differing { get; init; } = [];
}

/// <summary>The JSON form of <see cref="SelfCheckResult"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SelfCheckResult))]
internal sealed partial class SelfCheckJson : JsonSerializerContext;
