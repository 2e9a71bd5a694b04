using System.Text.Json.Serialization;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// That the log was found to be an older one than the read model had been built from, as after the restore of a backup: what came in
/// between is not in it.
/// </summary>
public sealed record LogRestore
{
    /// <summary>Where it is kept.</summary>
    internal static StoredSetting<LogRestore> Setting { get; } = new("log.restore", LogRestoreJson.Default.LogRestore);

    /// <summary>When it was noticed, Unix milliseconds; null where it never was.</summary>
    public long? NoticedAtMs { get; init; }

    /// <summary>When the last entry that the log still has was received, Unix milliseconds; null where it has none.</summary>
    public long? LastEntryAtMs { get; init; }

    /// <summary>How many entries are missing at least.</summary>
    public long MissingEntries { get; init; }
}

/// <summary>The JSON form of <see cref="LogRestore"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LogRestore))]
internal sealed partial class LogRestoreJson : JsonSerializerContext;
