using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Storage;

/// <summary>What stays in the log when the body of a delivery is no longer kept: enough to derive everything again.</summary>
internal sealed record KeptEvent
{
    private const byte Packed = 1; // JSON begins with a brace
    private const int LengthAt = 1;
    private const int BrotliAt = LengthAt + sizeof(int);
    private const int Quality = 9;
    private const int Window = 16;

    /// <summary>The id that the headers gave.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>The body's event name.</summary>
    public string? EventName { get; init; }

    /// <summary>The body's length in bytes.</summary>
    public int BodyBytes { get; init; }

    /// <summary>What the headers showed to be odd.</summary>
    public DeliveryFlags Flags { get; init; }

    /// <summary>Whether it was answered by eSIMfly's API, and is no delivery.</summary>
    public bool IsObservation { get; init; }

    /// <summary>Whether something that it was about was erased.</summary>
    public bool IsErased { get; init; }

    /// <summary>What it reported; null where it could not be used.</summary>
    public ParsedEvent? Event { get; init; }

    /// <summary>Why it could not be used.</summary>
    public string? Reason { get; init; }

    /// <inheritdoc cref="ParsedEvent.WithKeys"/>
    public KeptEvent WithKeys() => this with { Event = Event?.WithKeys() };

    /// <summary>Reads what <see cref="Pack"/> wrote, or the JSON of versions before there was a packed form.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public static KeptEvent Unpack(ReadOnlySpan<byte> packed)
    {
        if (packed.Length <= BrotliAt || packed[0] != Packed)
        {
            return FromJson(packed);
        }

        var json = new byte[BinaryPrimitives.ReadInt32LittleEndian(packed[LengthAt..])];
        return BrotliDecoder.TryDecompress(packed[BrotliAt..], json, out var length) && length == json.Length
            ? FromJson(json)
            : throw new InvalidDataException("The event of a log entry cannot be read.");
    }

    /// <summary>
    /// The event in few bytes, to be sealed: it has codes in it. A format (1 byte), the length of the JSON (4, little endian), and
    /// the JSON, Brotli (RFC 7932).
    /// </summary>
    public byte[] Pack()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, KeptEventJson.Default.KeptEvent);
        var packed = new byte[BrotliAt + BrotliEncoder.GetMaxCompressedLength(json.Length)];
        packed[0] = Packed;
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(LengthAt), json.Length);
        return BrotliEncoder.TryCompress(json, packed.AsSpan(BrotliAt), out var length, Quality, Window)
            ? packed[..(BrotliAt + length)]
            : throw new InvalidOperationException("An event could not be packed.");
    }

    private static KeptEvent FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, KeptEventJson.Default.KeptEvent)
        ?? throw new InvalidDataException("The event of a log entry is missing.");

    /// <inheritdoc/>
    public override string ToString() => nameof(KeptEvent); // a record would print its members
}

/// <summary>The JSON form of <see cref="KeptEvent"/>.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(KeptEvent))]
internal sealed partial class KeptEventJson : JsonSerializerContext;
