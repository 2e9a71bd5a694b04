using System.Text.Json.Serialization;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage.Moving;

/// <summary>
/// That a store is the target of a move, and of which. It is kept among the target's settings; it is not moved itself. Until the move is
/// done no read model starts on the store: it would number deliveries as entries that are still to come.
/// </summary>
internal sealed record MoveMark
{
    /// <summary>What it is kept under.</summary>
    public const string Name = "log.move";

    /// <summary>Where it is kept.</summary>
    public static StoredSetting<MoveMark> Setting { get; } = new(Name, MoveMarkJson.Default.MoveMark);

    /// <summary>Where the source is, in words; empty where the store is the target of no move.</summary>
    public string From { get; init; } = "";

    /// <summary>The last run of the program that had written to the source: any later one may have changed it.</summary>
    public string Epoch { get; init; } = "";

    /// <summary>Whether all of it is there and was found to be the same.</summary>
    public bool IsDone { get; init; }

    /// <summary>Whether there is one.</summary>
    [JsonIgnore]
    public bool IsThere => From.Length > 0;

    /// <summary>Refuses to start on a store that is there in part.</summary>
    /// <exception cref="StorageSetupException">It is.</exception>
    public static void RefuseUnfinished(WriteTransaction transaction)
    {
        if (Setting.Read(transaction) is { IsThere: true, IsDone: false } mark)
        {
            throw new StorageSetupException(
                $"The store is the target of a move from {mark.From} that is not done. Run the command move again until it is, or go on "
                    + "with the source."
            );
        }
    }
}

/// <summary>The JSON form of <see cref="MoveMark"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MoveMark))]
internal sealed partial class MoveMarkJson : JsonSerializerContext;
