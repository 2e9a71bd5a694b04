using System.Buffers;
using System.Text.Json;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Intake.Receiving;

/// <summary>A request's headers as they are kept: a JSON object without credentials, the signature shortened.</summary>
internal static class SafeHeaders
{
    private const int ShownOfSignature = 8;
    private const int LongestValue = 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? reused;

    /// <summary>The headers to be shown: every code in them masked.</summary>
    public static string ToJson(IHeaderDictionary headers) => HeaderJson.Mask(ToUtf8(headers));

    /// <summary>The headers to be sealed.</summary>
    public static byte[] ToUtf8(IHeaderDictionary headers)
    {
        var (buffer, writer) = reused ??= New();
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        foreach (var (name, values) in headers)
        {
            if (IsCredential(name))
            {
                continue;
            }

            var value = values.ToString();
            if (IsSignature(name) && value.Length > ShownOfSignature)
            {
                value = value[..Math.Min(value.Length - 1, ShownLength(value))] + "…";
            }

            writer.WriteString(name, value.Length > LongestValue ? value[..LongestValue] + "…" : value);
        }

        writer.WriteEndObject();
        writer.Flush();

        return buffer.WrittenSpan.ToArray();
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) New()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        return (buffer, new Utf8JsonWriter(buffer));
    }

    private static int ShownLength(string signature) =>
        signature.StartsWith("sha256=", StringComparison.OrdinalIgnoreCase) ? ShownOfSignature + 7 : ShownOfSignature;

    private static bool IsSignature(string name) =>
        name.Equals(WebhookHeaders.Signature202511, StringComparison.OrdinalIgnoreCase)
        || name.Equals(WebhookHeaders.Signature202604, StringComparison.OrdinalIgnoreCase);

    private static bool IsCredential(string name) =>
        name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Proxy-Authorization", StringComparison.OrdinalIgnoreCase);
}
