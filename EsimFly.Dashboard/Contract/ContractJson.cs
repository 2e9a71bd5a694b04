using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// Reads eSIMfly's payloads: snake-case names, lenient about numbers written as strings, strict about duplicate keys and
/// depth. A field that cannot be read is missing, and counted in <see cref="UnreadableFields"/>; what is no payload at all is a
/// <see cref="JsonException"/>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    MaxDepth = MaxDepth,
    Converters = [typeof(LenientDecimal), typeof(LenientBoolean), typeof(LenientString)]
)]
[JsonSerializable(typeof(Envelope<object>))]
[JsonSerializable(typeof(Envelope<OrderCreatedData>))]
[JsonSerializable(typeof(Envelope<OrderCompletedData>))]
[JsonSerializable(typeof(Envelope<OrderFailedData>))]
[JsonSerializable(typeof(Envelope<EsimActivatedData>))]
[JsonSerializable(typeof(Envelope<EsimExpiredData>))]
[JsonSerializable(typeof(Envelope<BalanceLowData>))]
[JsonSerializable(typeof(Envelope<TopUpCompletedData>))]
[JsonSerializable(typeof(Envelope<TopUpFailedData>))]
[JsonSerializable(typeof(Envelope<EsimProvisionedData>))]
[JsonSerializable(typeof(Envelope<EsimInstalledData>))]
[JsonSerializable(typeof(Envelope<EsimProfileUpdatedData>))]
[JsonSerializable(typeof(Envelope<EsimStatusChangedData>))]
[JsonSerializable(typeof(Envelope<EsimUsageThresholdData>))]
internal sealed partial class ContractJson : JsonSerializerContext
{
    /// <summary>How deep a payload may nest and still be used.</summary>
    public const int MaxDepth = 32;

    /// <summary>Amounts and sizes: a number, or a string that holds one; an empty string is none.</summary>
    private sealed class LenientDecimal : JsonConverter<decimal?>
    {
        public override bool HandleNull => true;

        public override decimal? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Null:
                    return null;
                case JsonTokenType.Number when reader.TryGetDecimal(out var number):
                    return number;
                case JsonTokenType.String:
                    var text = reader.GetString();
                    if (string.IsNullOrWhiteSpace(text))
                    {
                        return null;
                    }

                    if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed))
                    {
                        return parsed;
                    }

                    break;
            }

            reader.Skip();
            UnreadableFields.Note();
            return null;
        }

        public override void Write(Utf8JsonWriter writer, decimal? value, JsonSerializerOptions options)
        {
            if (value is { } number)
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    /// <summary>A truth value, as itself, as a word or as 0 and 1.</summary>
    private sealed class LenientBoolean : JsonConverter<bool?>
    {
        public override bool HandleNull => true;

        public override bool? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Null:
                    return null;
                case JsonTokenType.True or JsonTokenType.False:
                    return reader.GetBoolean();
                case JsonTokenType.Number when reader.TryGetInt32(out var number) && number is 0 or 1:
                    return number == 1;
                case JsonTokenType.String:
                    switch (reader.GetString()!.Trim().ToUpperInvariant())
                    {
                        case "":
                            return null;
                        case "TRUE" or "1" or "YES":
                            return true;
                        case "FALSE" or "0" or "NO":
                            return false;
                    }

                    break;
            }

            reader.Skip();
            UnreadableFields.Note();
            return null;
        }

        public override void Write(Utf8JsonWriter writer, bool? value, JsonSerializerOptions options)
        {
            if (value is { } truth)
            {
                writer.WriteBooleanValue(truth);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    /// <summary>A text that is a JSON string: a number in its place has lost digits.</summary>
    private sealed class LenientString : JsonConverter<string?>
    {
        public override bool HandleNull => true;

        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
            {
                return reader.GetString();
            }

            reader.Skip();
            UnreadableFields.Note();
            return null;
        }

        public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
