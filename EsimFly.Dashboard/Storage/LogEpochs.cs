using System.Text.Json.Serialization;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// The runs of the program that have written to the log, each with a random name. A read model that was written under a run that the log
/// does not know rests on entries that the log has lost, as after the restore of an older backup: it is rebuilt.
/// </summary>
internal sealed record LogEpochs
{
    private const int Most = 500;

    /// <summary>Where they are kept.</summary>
    public static StoredSetting<LogEpochs> Setting { get; } = new("log.epochs", LogEpochsJson.Default.LogEpochs);

    /// <summary>Their names, the latest last.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The run that writes now; empty before the first.</summary>
    [JsonIgnore]
    public string Current => Names.Count == 0 ? "" : Names[^1];

    /// <summary>The same with one run more.</summary>
    public LogEpochs WithNew() => new() { Names = [.. Names.TakeLast(Most - 1), Guid.NewGuid().ToString("N")] };
}

/// <summary>The JSON form of <see cref="LogEpochs"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LogEpochs))]
internal sealed partial class LogEpochsJson : JsonSerializerContext;
