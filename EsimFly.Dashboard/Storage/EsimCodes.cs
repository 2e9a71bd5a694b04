using System.Text.Json;
using System.Text.Json.Serialization;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Storage;

/// <summary>The activation codes of an eSIM as an event gave them. Only ever stored sealed.</summary>
internal sealed record EsimCodes
{
    /// <summary>The LPA string, or the matching id alone.</summary>
    public string? ActivationCode { get; init; }

    /// <summary>What the QR code holds, or a picture of it.</summary>
    public string? QrCode { get; init; }

    public string? AppleInstallUrl { get; init; }

    public string? AndroidInstallUrl { get; init; }

    /// <summary>Whether there is none.</summary>
    [JsonIgnore]
    public bool IsEmpty => ActivationCode is null && QrCode is null && AppleInstallUrl is null && AndroidInstallUrl is null;

    /// <summary>The codes as UTF-8 JSON, to be sealed.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EsimCodesJson.Default.EsimCodes);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static EsimCodes FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, EsimCodesJson.Default.EsimCodes) ?? throw new JsonException("The codes of an eSIM are missing.");

    /// <summary>The codes that a delivery gives for an eSIM; null where it gives none.</summary>
    /// <param name="signed">The signed bytes of an <c>order.completed</c> or <c>esim.provisioned</c>; others give none.</param>
    /// <param name="iccid">The eSIM.</param>
    public static EsimCodes? Find(ReadOnlySpan<byte> signed, string iccid)
    {
        try
        {
            var found = EventTypes.Find(ScannedBody.Of(signed).EventName) switch
            {
                EventType.OrderCompleted => OfOrder(
                        JsonSerializer.Deserialize(signed, ContractJson.Default.EnvelopeOrderCompletedData)?.Data
                    )
                    .Where(esim => esim.Iccid is { } sent && string.Equals(IccidText.Key(sent), iccid, StringComparison.Ordinal))
                    .Select(esim => esim.Codes),
                EventType.EsimProvisioned => OfEsim(
                    JsonSerializer.Deserialize(signed, ContractJson.Default.EnvelopeEsimProvisionedData)?.Data
                )
                    is { } codes
                    ? [codes]
                    : [],
                _ => [],
            };
            return found.FirstOrDefault(codes => !codes.IsEmpty);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The codes of an eSIM as eSIMfly's API listed it (GET /esims); null where it gave none.</summary>
    /// <param name="item">The eSIM's part of the answer, UTF-8.</param>
    public static EsimCodes? OfObserved(ReadOnlyMemory<byte> item)
    {
        try
        {
            using var document = JsonDocument.Parse(item);
            return OfObserved(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="OfObserved(ReadOnlyMemory{byte})"/>
    public static EsimCodes? OfObserved(JsonElement item)
    {
        var codes = new EsimCodes
        {
            ActivationCode = Given(item, "manual_installation", "lpa_format") ?? Given(item, "manual_installation", "activation_code"),
            AppleInstallUrl = Given(item, "direct_apple_installation_url"),
            AndroidInstallUrl = Given(item, "direct_android_installation_url"),
        };
        return codes.IsEmpty ? null : codes;
    }

    private static string? Given(JsonElement at, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at.ValueKind == JsonValueKind.String ? Text(at.GetString()) : null;
    }

    /// <summary>The codes of each eSIM of an order, in the order of its list.</summary>
    public static IEnumerable<(string? Iccid, EsimCodes Codes)> OfOrder(OrderCompletedData? data) =>
        (data?.Esims ?? []).Select(esim =>
            (esim?.Iccid, new EsimCodes { ActivationCode = Text(esim?.ActivationCode), QrCode = Text(esim?.QrCode) })
        );

    /// <summary>The codes of an eSIM that was provisioned by itself.</summary>
    public static EsimCodes? OfEsim(EsimProvisionedData? data) =>
        data is null
            ? null
            : new EsimCodes
            {
                ActivationCode = Text(data.LpaString),
                QrCode = Text(data.QrCodeUrl),
                AppleInstallUrl = Text(data.DirectAppleInstallUrl),
                AndroidInstallUrl = Text(data.DirectAndroidInstallUrl),
            };

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <inheritdoc/>
    public override string ToString() => nameof(EsimCodes); // a record would print its members
}

/// <summary>The JSON form of <see cref="EsimCodes"/>.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EsimCodes))]
internal sealed partial class EsimCodesJson : JsonSerializerContext;
