using System.Text.Json.Serialization;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Intake.Receiving;

/// <summary>
/// A failure of the receiver that someone asked for, to see what eSIMfly's retries make of it. It touches test deliveries alone.
/// </summary>
internal sealed record Rehearsal
{
    /// <summary>So many requests at most fail: a rehearsal that was forgotten ends by itself.</summary>
    public const int MostRequests = 100;

    /// <summary>Where it is kept.</summary>
    public static StoredSetting<Rehearsal> Setting { get; } = new("rehearsal", RehearsalJson.Default.Rehearsal);

    /// <summary>How the next requests fail.</summary>
    public RehearsedFault Fault { get; init; }

    /// <summary>How many are still to fail.</summary>
    public int Remaining { get; init; }

    /// <summary>Whether any is to fail.</summary>
    public bool IsOn => Fault != RehearsedFault.None && Remaining > 0;
}

/// <summary>The JSON form of <see cref="Rehearsal"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(Rehearsal))]
internal sealed partial class RehearsalJson : JsonSerializerContext;
