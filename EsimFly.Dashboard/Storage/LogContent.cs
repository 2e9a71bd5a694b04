using System.Buffers.Binary;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// What a log entry of a request holds, before it is sealed: the length of the headers (4 bytes, little endian), the headers as a JSON
/// object in UTF-8, and the body as received.
/// </summary>
internal readonly struct LogContent(ReadOnlyMemory<byte> content)
{
    private const int HeadersAt = sizeof(int);

    /// <summary>The headers as a JSON object in UTF-8, the signature shortened.</summary>
    public ReadOnlyMemory<byte> Headers => content.Slice(HeadersAt, BinaryPrimitives.ReadInt32LittleEndian(content.Span));

    /// <summary>The body as received; empty for a repeat.</summary>
    public ReadOnlyMemory<byte> Body => content[(HeadersAt + BinaryPrimitives.ReadInt32LittleEndian(content.Span))..];

    /// <summary>Puts headers and body together.</summary>
    public static byte[] Join(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> body)
    {
        var content = new byte[HeadersAt + headers.Length + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(content, headers.Length);
        headers.CopyTo(content.AsSpan(HeadersAt));
        body.CopyTo(content.AsSpan(HeadersAt + headers.Length));
        return content;
    }
}
