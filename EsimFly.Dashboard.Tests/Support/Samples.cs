using System.Text;
using System.Text.Json.Nodes;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>One payload an event: those of 2025-11 byte for byte as published.</summary>
internal static class Samples
{
    public const string Older = "2025-11";
    public const string Newer = "2026-04";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Samples");

    /// <summary>The samples as "contract/event".</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. new[] { Older, Newer }.SelectMany(contract =>
            Directory
                .GetFiles(Path.Combine(Folder, contract))
                .Order(StringComparer.Ordinal)
                .Select(file => $"{contract}/{Path.GetFileNameWithoutExtension(file)}")
        ),
    ];

    /// <summary>The bytes of a sample, with its final newline.</summary>
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".json"));

    /// <summary>A sample with its event's data changed.</summary>
    public static byte[] With(string name, Action<JsonObject> change)
    {
        var root = JsonNode.Parse(Read(name))!.AsObject();
        change(root["data"]!.AsObject());
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>A sample with another timestamp, and its event's data changed.</summary>
    public static byte[] At(string name, DateTimeOffset at, Action<JsonObject>? change = null)
    {
        var root = JsonNode.Parse(Read(name))!.AsObject();
        root["timestamp"] = at.ToString("O");
        change?.Invoke(root["data"]!.AsObject());
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    public static string ContractOf(string name) => name.Split('/')[0];

    public static string EventOf(string name) => name.Split('/')[1];

    public static string PathOf(string relative) => Path.Combine(Folder, relative);
}
