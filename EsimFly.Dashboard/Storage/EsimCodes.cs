using System.Text.Json;
using System.Text.Json.Serialization;

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

    /// <inheritdoc/>
    public override string ToString() => nameof(EsimCodes); // a record would print its members
}

/// <summary>The JSON form of <see cref="EsimCodes"/>.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EsimCodes))]
internal sealed partial class EsimCodesJson : JsonSerializerContext;
