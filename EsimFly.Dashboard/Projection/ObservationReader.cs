using System.Text.Json;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Reads what eSIMfly's API answered about one subject, in the vocabulary of the events. Unknown fields and words are passed over, and of
/// codes it takes none into the facts. Source: eSIMfly's API reference (orders, eSIMs, usage, status, balance).
/// </summary>
internal static class ObservationReader
{
    private const decimal MegabytesInGb = 1024;
    private const int LongestText = 200;

    /// <summary>Reads an answer.</summary>
    /// <param name="subject">What was asked about: see <see cref="ObservedSubject"/>.</param>
    /// <param name="json">The part of the answer that is about it, UTF-8.</param>
    /// <param name="askedAtMs">When it was asked, Unix milliseconds.</param>
    /// <returns>The event; null where it names no subject.</returns>
    public static ParsedEvent? Read(string? subject, ReadOnlyMemory<byte> json, long askedAtMs)
    {
        using var document = TryParse(json);
        return document?.RootElement is not { ValueKind: JsonValueKind.Object } root
            ? null
            : subject switch
            {
                ObservedSubject.Order => Order(root, askedAtMs),
                ObservedSubject.Esim => Esim(root, askedAtMs),
                ObservedSubject.Balance => Balance(root, askedAtMs),
                _ => null,
            };
    }

    // An item of GET /orders.
    private static ParsedEvent? Order(JsonElement order, long askedAtMs)
    {
        if (Text(order, "order_reference") is not { } reference)
        {
            return null;
        }

        var esim = Object(order, "esim");
        var named = Named(esim, codes: null);
        return new()
        {
            Type = EventType.OrderObserved,
            OccurredAtMs = askedAtMs,
            OrderReference = reference,
            Esims = named,
            Facts = new()
            {
                Esims = named.Count == 0 ? null : [.. named.Select(static item => new EsimFact(item.Iccid, Status: null))],
                PackageCode = Text(order, "package_code"),
                PackageName = Text(order, "package_name"),
                Amount = Number(order, "amount"),
                Currency = Text(order, "currency"),
                Status = Text(order, "status"),
                PlacedAtMs = Instant(order, "created_at").UnixMs,
                Imsi = Text(esim, "imsi"),
            },
        };
    }

    // An item of GET /esims, GET /esims/usage/query, or POST /esims/status with POST /esims/network-events beside it.
    private static ParsedEvent? Esim(JsonElement item, long askedAtMs)
    {
        var esim = Object(item, "esim") is { ValueKind: JsonValueKind.Object } inner ? inner : item;
        var (data, live, validity) = (Object(item, "data"), Object(item, "data_usage"), Object(item, "validity"));
        var (network, device) = (Object(item, "last_network"), Object(item, "device"));
        var named = Named(esim, EsimCodes.OfObserved(item));
        if (named.Count == 0)
        {
            return null;
        }

        var isUnlimited = Flag(data, "is_unlimited") || Flag(live, "unlimited");
        var expires =
            Instant(validity, "expires_at") is { } at && (at.UnixMs ?? (object?)at.Unread) is not null ? at : Instant(item, "expiry_date");
        return new()
        {
            Type = EventType.EsimObserved,
            OccurredAtMs = askedAtMs,
            Esims = named,
            Facts = new()
            {
                PackageCode = Text(esim, "package_code"),
                PackageName = Text(esim, "package_name"),
                Status = Text(esim, "status"),
                StatusLabel = Text(item, "esim_status"),
                ProfileStatus = Text(item, "profile") ?? Text(item, "profile_status"),
                Imsi = Text(item, "imsi"),
                PlacedAtMs = Instant(item, "created_at").UnixMs,
                ActivatedAtMs = Instant(validity, "activated_at").UnixMs ?? Instant(item, "activation_date").UnixMs,
                ExpiresAtMs = expires.UnixMs,
                UnreadExpiry = expires.Unread,
                DataUsedGb = InGb(Number(data, "used_mb")) ?? Number(live, "used_gb"),
                DataTotalGb = isUnlimited ? null : InGb(Number(data, "total_mb")) ?? Number(live, "total_gb"),
                Network = Join(Text(network, "operator"), Text(network, "country")),
                Device = Text(device, "model"),
                LastUsedAtMs = Instant(item, "last_usage_date").UnixMs,
                WrongNetworks = Number(item, "wrong_network_count") is { } wrong and >= 0 and < int.MaxValue ? (int)wrong : null,
            },
        };
    }

    // GET /balance.
    private static ParsedEvent? Balance(JsonElement data, long askedAtMs) =>
        Number(data, "balance") is { } balance
            ? new()
            {
                Type = EventType.BalanceObserved,
                OccurredAtMs = Instant(data, "as_of").UnixMs ?? askedAtMs,
                Facts = new() { Balance = balance, Currency = Text(data, "currency") },
            }
            : null;

    private static List<ParsedEsim> Named(JsonElement esim, EsimCodes? codes) =>
        Text(esim, "iccid") is { } sent && !IccidText.IsPlaceholder(sent) ? [new(IccidText.Key(sent), codes)] : [];

    private static JsonDocument? TryParse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement Object(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
            ? value
            : default;

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString()?.Trim() is { Length: > 0 } text
            ? CodeMask.MaskText(text.Length <= LongestText ? text : text[..LongestText])
            : null;

    private static decimal? Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.Number when value.TryGetDecimal(out var number) => number,
                JsonValueKind.String
                    when decimal.TryParse(
                        value.GetString(),
                        System.Globalization.NumberStyles.Float,
                        System.Globalization.CultureInfo.InvariantCulture,
                        out var number
                    ) => number,
                _ => null,
            }
            : null;

    private static bool Flag(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static ContractInstant Instant(JsonElement parent, string name) =>
        Text(parent, name) is { } text ? ContractInstant.Parse(text) : default;

    private static decimal? InGb(decimal? megabytes) => megabytes / MegabytesInGb;

    private static string? Join(string? one, string? other) =>
        one is null ? other
        : other is null ? one
        : $"{one}, {other}";
}
