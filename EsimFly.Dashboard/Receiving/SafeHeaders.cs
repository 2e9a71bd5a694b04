using System.Buffers;
using System.Text;
using System.Text.Json;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Receiving;

/// <summary>A request's headers as they are kept and shown: without credentials, the signature shortened.</summary>
internal static class SafeHeaders
{
    private const int ShownOfSignature = 8;
    private const int LongestValue = 1024;

    /// <summary>The headers as a JSON object of names and values.</summary>
    public static string ToJson(IHeaderDictionary headers)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in headers)
            {
                if (IsCredential(name))
                {
                    continue;
                }

                var value = CodeMask.MaskText(values.ToString());
                if (IsSignature(name) && value.Length > ShownOfSignature)
                {
                    value = value[..Math.Min(value.Length - 1, value.StartsWith("sha256=", StringComparison.OrdinalIgnoreCase) ? ShownOfSignature + 7 : ShownOfSignature)] + "…";
                }

                writer.WriteString(name, value.Length > LongestValue ? value[..LongestValue] + "…" : value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool IsSignature(string name) =>
        name.Equals(WebhookHeaders.Signature202511, StringComparison.OrdinalIgnoreCase)
        || name.Equals(WebhookHeaders.Signature202604, StringComparison.OrdinalIgnoreCase);

    private static bool IsCredential(string name) =>
        name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Proxy-Authorization", StringComparison.OrdinalIgnoreCase);
}
