using System.Buffers;
using System.Text;
using System.Text.Json;

namespace EsimFly.Dashboard.Contract;

/// <summary>Reads a request's headers as they are kept: a JSON object of names and values.</summary>
internal static class HeaderJson
{
    /// <summary>The value of a header, whatever the case of its name; null where it is not there.</summary>
    /// <exception cref="JsonException">It is not such an object.</exception>
    public static string? Find(ReadOnlySpan<byte> headers, string name)
    {
        var reader = new Utf8JsonReader(headers);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Names of headers are ASCII, so their length tells nearly all of them apart.
            var isWanted =
                reader.ValueSpan.Length == name.Length && string.Equals(reader.GetString(), name, StringComparison.OrdinalIgnoreCase);
            reader.Read();
            if (isWanted)
            {
                return reader.GetString();
            }
        }

        return null;
    }

    /// <summary>The same object with the codes in its values masked, to be shown.</summary>
    public static string Mask(ReadOnlySpan<byte> headers)
    {
        using var document = JsonDocument.Parse(headers.ToArray());
        var buffer = new ArrayBufferWriter<byte>(headers.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var header in document.RootElement.EnumerateObject())
            {
                writer.WriteString(header.Name, CodeMask.MaskText(header.Value.GetString() ?? ""));
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>An object with one header; without any where the value is null.</summary>
    public static byte[] Write(string name, string? value) =>
        JsonSerializer.SerializeToUtf8Bytes(value is null ? [] : new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value });
}
