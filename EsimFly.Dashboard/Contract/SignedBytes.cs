using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// The bytes that a signature covers. For <see cref="SignedForm.JsonStringify"/> and <see cref="SignedForm.JsonDumps"/>
/// that is the body parsed and printed again, exactly as ECMAScript (ECMA-262, 25.5) and CPython's json module do it.
/// </summary>
internal static class SignedBytes
{
    // Printing costs far more than hashing, and anyone may ask for it; eSIMfly's bodies have a few kilobytes at the most.
    private const int MaxPrintedBytes = 64 * 1024;

    // Deeper than a payload may be to be used: a delivery between the two is verified, kept and quarantined, not lost.
    private const int MaxDepth = 64;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Writes the bytes of <paramref name="body"/> that <paramref name="form"/> signs.</summary>
    /// <returns>False where the body has no such form: it is not UTF-8, not JSON, nested deeper than 64 or larger than 64 KB.</returns>
    public static bool TryWrite(SignedForm form, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        if (form == SignedForm.RawBody)
        {
            output.Write(body);
            return true;
        }

        body = body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;
        if (body.Length > MaxPrintedBytes || !Utf8.IsValid(body) || !IsJson(body))
        {
            return false;
        }

        return form == SignedForm.JsonStringify ? JsonPrinter.JavaScript.TryPrint(body, output) : JsonPrinter.Python.TryPrint(body, output);
    }

    /// <summary>A body as its JSON is read: without a byte order mark, which the signature covers all the same.</summary>
    public static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;

    /// <summary>Whether the text is exactly one JSON value (RFC 8259), nested no deeper than 64.</summary>
    public static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read()) { }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The text of a JSON string or key, escapes resolved; a surrogate without its partner stays alone.</summary>
    /// <param name="content">The bytes between the quotes, valid UTF-8 and valid JSON.</param>
    public static string Unescape(ReadOnlySpan<byte> content)
    {
        var first = content.IndexOf((byte)'\\');
        if (first < 0)
        {
            return Encoding.UTF8.GetString(content);
        }

        var text = new StringBuilder(content.Length);
        while (first >= 0)
        {
            text.Append(Encoding.UTF8.GetString(content[..first]));
            var escape = content[first + 1];
            var length = 2;
            switch (escape)
            {
                case (byte)'b':
                    text.Append('\b');
                    break;
                case (byte)'f':
                    text.Append('\f');
                    break;
                case (byte)'n':
                    text.Append('\n');
                    break;
                case (byte)'r':
                    text.Append('\r');
                    break;
                case (byte)'t':
                    text.Append('\t');
                    break;
                case (byte)'u':
                    text.Append(
                        (char)(
                            (Hex(content[first + 2]) << 12)
                            | (Hex(content[first + 3]) << 8)
                            | (Hex(content[first + 4]) << 4)
                            | Hex(content[first + 5])
                        )
                    );
                    length = 6;
                    break;
                default:
                    text.Append((char)escape);
                    break;
            }

            content = content[(first + length)..];
            first = content.IndexOf((byte)'\\');
        }

        return text.Append(Encoding.UTF8.GetString(content)).ToString();
    }

    private static int Hex(byte digit) =>
        digit switch
        {
            <= (byte)'9' => digit - '0',
            <= (byte)'F' => digit - 'A' + 10,
            _ => digit - 'a' + 10,
        };
}
