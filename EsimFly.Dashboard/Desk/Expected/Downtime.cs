using System.Text.Json.Serialization;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>A time in which this desk did not run, so that nothing could reach it.</summary>
/// <param name="FromMs">Its last sign of life before, Unix milliseconds.</param>
/// <param name="ToMs">Its first one after, Unix milliseconds.</param>
public sealed record Downtime(long FromMs, long ToMs)
{
    /// <summary>
    /// Deliveries of that contract that were first sent before this instant (Unix milliseconds) had all of their attempts while
    /// the desk was down, and are lost; null where it was too short for that.
    /// </summary>
    public long? LostBeforeMs(ContractVersion contract) =>
        ToMs - (long)RetrySchedule.Of(contract).Span.TotalMilliseconds is var before && before > FromMs ? before : null;

    /// <summary>
    /// Until when those that are only late come, Unix milliseconds: the longest retry delay that can reach past the end of the downtime.
    /// </summary>
    public long LateUntilMs(ContractVersion contract)
    {
        var (delays, elapsedMs) = (RetrySchedule.Of(contract).Delays, 0.0);
        foreach (var delay in delays)
        {
            elapsedMs += delay.TotalMilliseconds;
            if (elapsedMs >= ToMs - FromMs)
            {
                return ToMs + (long)delay.TotalMilliseconds;
            }
        }

        return ToMs + (long)delays[^1].TotalMilliseconds;
    }
}

/// <summary>The desk's signs of life, and the times without.</summary>
internal sealed record Lifeline
{
    /// <summary>Where it is kept.</summary>
    public static StoredSetting<Lifeline> Setting { get; } = new("lifeline", LifelineJson.Default.Lifeline);

    /// <summary>The last sign of life, Unix milliseconds; 0 where there never was one.</summary>
    public long LastMs { get; init; }

    /// <summary>The latest downtimes, latest first.</summary>
    public IReadOnlyList<Downtime> Downtimes { get; init; } = [];
}

/// <summary>The JSON form of <see cref="Lifeline"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Lifeline))]
internal sealed partial class LifelineJson : JsonSerializerContext;
