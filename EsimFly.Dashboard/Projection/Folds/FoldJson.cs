using System.Text.Json;
using System.Text.Json.Serialization;

namespace EsimFly.Dashboard.Projection.Folds;

/// <summary>The stored form of the folds' states.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(OrderState))]
[JsonSerializable(typeof(EsimState))]
internal sealed partial class FoldJson : JsonSerializerContext
{
    public static string Write(OrderState state) => JsonSerializer.Serialize(state, Default.OrderState);

    public static string Write(EsimState state) => JsonSerializer.Serialize(state, Default.EsimState);

    public static OrderState ReadOrder(string json) => JsonSerializer.Deserialize(json, Default.OrderState)!;

    public static EsimState ReadEsim(string json) => JsonSerializer.Deserialize(json, Default.EsimState)!;
}
