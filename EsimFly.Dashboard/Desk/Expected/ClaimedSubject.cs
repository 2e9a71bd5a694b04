using System.Text.Json;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>What a body says that it is about, not verified.</summary>
/// <param name="OrderName">The order's id, else its reference.</param>
/// <param name="Iccid">The eSIM, or the first of several.</param>
internal readonly record struct ClaimedSubject(string? OrderName, string? Iccid)
{
    /// <summary>The order's reference, where it has an id too.</summary>
    public string? Reference { get; init; }

    /// <summary>The event's name.</summary>
    public string? EventName { get; init; }

    /// <summary>Reads it, as far as it can be read.</summary>
    public static ClaimedSubject Read(string? safeBody)
    {
        if (safeBody is null)
        {
            return default;
        }

        try
        {
            using var document = JsonDocument.Parse(safeBody);
            var name = document.RootElement.ValueKind == JsonValueKind.Object ? Text(document.RootElement, "event") : null;
            if (
                document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("data", out var data)
                || data.ValueKind != JsonValueKind.Object
            )
            {
                return new(null, null) { EventName = name };
            }

            var iccid = Text(data, "iccid");
            if (
                iccid is null
                && data.TryGetProperty("esims", out var esims)
                && esims.ValueKind == JsonValueKind.Array
                && esims.GetArrayLength() > 0
                && esims[0].ValueKind == JsonValueKind.Object
            )
            {
                iccid = Text(esims[0], "iccid");
            }

            return new(Text(data, "order_id") ?? Text(data, "order_reference"), iccid is null ? null : IccidText.Key(iccid))
            {
                EventName = name,
                Reference = Text(data, "order_reference"),
            };
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? Text(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
