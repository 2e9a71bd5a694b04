using System.Text.Json;
using System.Text.Json.Serialization;

namespace EsimFly.Dashboard.Contract;

/// <summary>A text that may come as a JSON number or truth value; those are kept as they were written.</summary>
/// <param name="Value">The text, never null.</param>
[JsonConverter(typeof(Converter))]
internal readonly record struct ContractText(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;

    internal sealed class Converter : JsonConverter<ContractText>
    {
        public override ContractText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType switch
            {
                JsonTokenType.String => new(reader.GetString()!),
                JsonTokenType.Number => new(System.Text.Encoding.UTF8.GetString(reader.ValueSpan)),
                JsonTokenType.True => new("true"),
                JsonTokenType.False => new("false"),
                _ => throw new JsonException("A text, number or truth value was expected."),
            };

        public override void Write(Utf8JsonWriter writer, ContractText value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);
    }
}
