using System.Text.Json;
using System.Text.Json.Serialization;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// What an event says beside its subjects, whatever its contract: no code in it, instants in Unix milliseconds, amounts in
/// the account's currency, data sizes in GB.
/// </summary>
public sealed record EventFacts
{
    public string? PackageCode { get; init; }

    public string? PackageName { get; init; }

    public decimal? Quantity { get; init; }

    public decimal? Amount { get; init; }

    /// <summary>The status in eSIMfly's or the network's own word.</summary>
    public string? Status { get; init; }

    /// <summary>The status before, in the same words.</summary>
    public string? PreviousStatus { get; init; }

    /// <summary>The status as a label, where the event has both.</summary>
    public string? StatusLabel { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public bool? CanRetry { get; init; }

    /// <summary>When that of which the event speaks took place, where it says so apart from its timestamp.</summary>
    public long? HappenedAtMs { get; init; }

    public long? ExpiresAtMs { get; init; }

    /// <summary>The text of an expiry that was given and cannot be read.</summary>
    public string? UnreadExpiry { get; init; }

    public decimal? DataUsedGb { get; init; }

    public decimal? DataTotalGb { get; init; }

    public decimal? DataRemainingGb { get; init; }

    public decimal? UsedPercent { get; init; }

    public decimal? ThresholdRemainingMb { get; init; }

    public decimal? Balance { get; init; }

    public decimal? Threshold { get; init; }

    public string? Message { get; init; }

    /// <summary>The currency of the amounts, where the payload names one: three capital letters.</summary>
    public string? Currency { get; init; }

    /// <summary>The reference of the top-up that the event belongs to; it is none of an order.</summary>
    public string? TopUpReference { get; init; }

    /// <summary>The ICCID of the one eSIM as it was sent, where that is not the text by which it is known.</summary>
    public string? SentIccid { get; init; }

    public string? EsimId { get; init; }

    public string? Eid { get; init; }

    public string? Imsi { get; init; }

    /// <summary>The same, as viewers see it.</summary>
    internal EventFacts ForViewers() => this with { Eid = Identity.Shorten(Eid), Imsi = Identity.Shorten(Imsi) };

    /// <summary>The same without what identifies a person.</summary>
    internal EventFacts WithoutIdentities() => this with { Eid = null, Imsi = null, EsimId = null, SentIccid = null };

    /// <summary>When the order was placed, Unix milliseconds, where an observation says so.</summary>
    public long? PlacedAtMs { get; init; }

    /// <summary>The profile's status in eSIMfly's word, where an observation has it beside the plan's.</summary>
    public string? ProfileStatus { get; init; }

    /// <summary>When the plan began, Unix milliseconds, where an observation says so.</summary>
    public long? ActivatedAtMs { get; init; }

    /// <summary>The network that it was last on, as "operator, country".</summary>
    public string? Network { get; init; }

    /// <summary>The device's model.</summary>
    public string? Device { get; init; }

    /// <summary>When it last used data, Unix milliseconds.</summary>
    public long? LastUsedAtMs { get; init; }

    /// <summary>How many of its contacts with networks in the last 7 days were outside the plan's coverage; null where not asked.</summary>
    public int? WrongNetworks { get; init; }

    /// <summary>The eSIMs of a completed order, each with its status in eSIMfly's word; null where the event has no list.</summary>
    public IReadOnlyList<EsimFact>? Esims { get; init; }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static EventFacts FromJson(string json) =>
        JsonSerializer.Deserialize(json, EventFactsJson.Default.EventFacts)
        ?? throw new JsonException("The facts of an event are missing.");

    /// <summary>The facts as JSON, those that are null left out.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EventFactsJson.Default.EventFacts);
}

/// <summary>One eSIM of a completed order.</summary>
/// <param name="Iccid">The eSIM.</param>
/// <param name="Status">Its status in eSIMfly's word.</param>
/// <param name="SentAs">Its ICCID as it was sent, where that is not the text by which it is known.</param>
public sealed record EsimFact(string Iccid, string? Status, string? SentAs = null);

/// <summary>The JSON form of <see cref="EventFacts"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(EventFacts))]
internal sealed partial class EventFactsJson : JsonSerializerContext;
