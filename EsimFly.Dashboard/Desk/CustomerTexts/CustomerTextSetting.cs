using System.Text.Json.Serialization;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Desk.CustomerTexts;

/// <summary>The texts that an administrator wrote, in the place of those that come with the desk or beside them.</summary>
internal sealed record CustomerTextSetting
{
    /// <summary>Where they are kept.</summary>
    public static StoredSetting<CustomerTextSetting> Setting { get; } = new("customer.texts", CustomerTextJson.Default.CustomerTextSetting);

    /// <summary>By language, and then by the name of a <see cref="CustomerText"/>.</summary>
    public Dictionary<string, Dictionary<string, string>> Texts { get; init; } = new(StringComparer.Ordinal);
}

/// <summary>The JSON form of <see cref="CustomerTextSetting"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CustomerTextSetting))]
internal sealed partial class CustomerTextJson : JsonSerializerContext;
