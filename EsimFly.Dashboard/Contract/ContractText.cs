using System.Text.Json;
using System.Text.Json.Serialization;

namespace EsimFly.Dashboard.Contract;

/// <summary>A text that may come as a JSON number or truth value; those are kept as they were written.</summary>
/// <param name="Value">The text; null where something else was given.</param>
[JsonConverter(typeof(Converter))]
internal readonly record struct ContractText(string? Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value ?? "";

    internal sealed class Converter : JsonConverter<ContractText>
    {
        public override ContractText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String:
                    return new(reader.GetString());
                case JsonTokenType.Number:
                    return new(System.Text.Encoding.UTF8.GetString(reader.ValueSpan));
                case JsonTokenType.True:
                    return new("true");
                case JsonTokenType.False:
                    return new("false");
                default:
                    reader.Skip();
                    UnreadableFields.Note();
                    return default;
            }
        }

        public override void Write(Utf8JsonWriter writer, ContractText value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);
    }
}
