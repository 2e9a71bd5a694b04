using System.Text.Json;
using System.Text.Unicode;

namespace EsimFly.Dashboard.Contract;

/// <summary>Looks into a body for its event name, without reading the rest.</summary>
internal static class EnvelopePeek
{
    private const int LongestName = 100;

    /// <summary>The root's <c>event</c>, or null where there is none to be read.</summary>
    public static string? EventName(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = ContractJson.MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isEvent = reader.ValueTextEquals("event"u8);
                reader.Read();
                if (isEvent)
                {
                    var isName = reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= LongestName;
                    return isName ? CodeMask.MaskText(SignedBytes.Unescape(reader.ValueSpan)) : null;
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Not JSON: kept all the same, and quarantined by the worker.
        }

        return null;
    }
}
