using System.Text.Json;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>The webhook that is registered for the keys.</summary>
/// <param name="Address">Where eSIMfly sends; null where none is registered.</param>
/// <param name="Events">Which events.</param>
/// <param name="KeyName">What the key is called at eSIMfly.</param>
/// <param name="Available">All events that can be had.</param>
/// <param name="Recent">Its latest deliveries, as eSIMfly counts them; about ten.</param>
internal sealed record ApiWebhooks(
    string? Address,
    IReadOnlyList<string> Events,
    string? KeyName,
    IReadOnlyList<string> Available,
    IReadOnlyList<WholesaleDelivery> Recent
)
{
    /// <summary>Reads an answer of <c>GET /webhooks</c>; null where it is none.</summary>
    public static ApiWebhooks? Read(JsonElement root)
    {
        var webhook = root.TryGetProperty("webhook", out var found) ? found : default;
        return root.TryGetProperty("webhook", out _) || root.TryGetProperty("available_events", out _)
            ? new(
                ApiJson.Text(webhook, "url"),
                [.. ApiJson.List(webhook, "events").Where(IsText).Select(static item => item.GetString()!)],
                ApiJson.Text(webhook, "api_key_name"),
                [.. ApiJson.List(root, "available_events").Select(static item => ApiJson.Text(item, "event")).OfType<string>()],
                [.. ApiJson.List(root, "recent_deliveries").Select(WholesaleDelivery.Of)]
            )
            : null;
    }

    private static bool IsText(JsonElement item) => item.ValueKind == JsonValueKind.String;
}

/// <summary>A delivery as eSIMfly counts it.</summary>
/// <param name="Event">The event's name.</param>
/// <param name="OrderReference">The order that it is about.</param>
/// <param name="Status"><c>delivered</c>, <c>failed</c>, or another word.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="LastAttemptMs">When last, Unix milliseconds.</param>
public sealed record WholesaleDelivery(string? Event, string? OrderReference, string? Status, int? Attempts, long? LastAttemptMs)
{
    /// <summary>Whether eSIMfly has not brought it here.</summary>
    public bool HasFailed => Status is not null && !string.Equals(Status, "delivered", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an item of <c>recent_deliveries</c>.</summary>
    public static WholesaleDelivery Of(JsonElement item) =>
        new(
            ApiJson.Text(item, "event"),
            ApiJson.Text(item, "order_reference"),
            ApiJson.Text(item, "status"),
            item.ValueKind == JsonValueKind.Object
            && item.TryGetProperty("attempts", out var attempts)
            && attempts.TryGetInt32(out var count)
                ? count
                : null,
            ApiJson.Text(item, "last_attempt") is { } text ? ContractInstant.Parse(text).UnixMs : null
        );
}

/// <summary>What <c>PUT /webhooks</c> answered: the secret is shown once.</summary>
/// <param name="Secret">The new signing secret.</param>
internal sealed record ApiWebhookSecret(string Secret)
{
    /// <summary>Reads the answer; null where it has no secret.</summary>
    public static ApiWebhookSecret? Read(JsonElement root) =>
        root.TryGetProperty("webhook", out var webhook) && ApiJson.Text(webhook, "secret") is { } secret ? new(secret) : null;

    /// <inheritdoc/>
    public override string ToString() => nameof(ApiWebhookSecret); // a record would print its members
}

/// <summary>Reads JSON whose form is only mostly known.</summary>
internal static class ApiJson
{
    /// <summary>A text, trimmed; null where there is none of that name.</summary>
    public static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString()?.Trim() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>A list; empty where there is none of that name.</summary>
    public static IEnumerable<JsonElement> List(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : [];
}
