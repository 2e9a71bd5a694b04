using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EsimFly.Dashboard.Storage.Postgres;

namespace EsimFly.Dashboard.Storage.Moving;

/// <summary>
/// A SHA-256 over rows, in the order in which they are added, that is the same for the same content in either database: each value is
/// written in one form, after its kind and its length.
/// </summary>
internal sealed class RowDigest : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> buffer = new();
    private long rows;

    /// <summary>The digest.</summary>
    public TableDigest Result => new(rows, Convert.ToHexStringLower(hash.GetCurrentHash()));

    /// <summary>Adds a row.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="row">Their values.</param>
    public void Add(IReadOnlyList<MovedColumn> columns, object?[] row)
    {
        buffer.ResetWrittenCount();
        for (var i = 0; i < row.Length; i++)
        {
            Write(columns[i].Kind, row[i]);
        }

        hash.AppendData(buffer.WrittenSpan);
        rows++;
    }

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();

    /// <summary>JSON in one form: names in order, the last of those that are there twice, numbers without what does not count.</summary>
    internal static string Normalise(string json)
    {
        using var document = JsonDocument.Parse(json);
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            Write(writer, document.RootElement);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    members[member.Name] = member.Value;
                }

                writer.WriteStartObject();
                foreach (var (name, value) in members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(
                    element.TryGetDecimal(out var amount)
                        ? TextOf(amount)
                        : element.GetDouble().ToString("R", CultureInfo.InvariantCulture),
                    skipInputValidation: true
                );
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static string TextOf(decimal amount) =>
        amount == 0 ? "0" : amount.ToString("0.############################", CultureInfo.InvariantCulture);

    private void Write(MovedKind kind, object? value)
    {
        if (value is null)
        {
            Write('N', []);
            return;
        }

        switch (kind)
        {
            case MovedKind.Truth:
                Write('I', (bool)value ? "1"u8 : "0"u8);
                break;
            case MovedKind.Number:
                WriteText('I', ((long)value).ToString(CultureInfo.InvariantCulture));
                break;
            case MovedKind.Amount:
                WriteText('D', TextOf((decimal)value));
                break;
            case MovedKind.Json:
                WriteText('J', Normalise((string)value));
                break;
            case MovedKind.Bytes:
                Write('B', (byte[])value);
                break;
            default:
                WriteText('T', PostgresText.Storable((string)value)); // as the one that can keep less would
                break;
        }
    }

    private void WriteText(char kind, string text) => Write(kind, Encoding.UTF8.GetBytes(text));

    private void Write(char kind, ReadOnlySpan<byte> value)
    {
        var head = buffer.GetSpan(1 + sizeof(int));
        head[0] = (byte)kind;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(head[1..], value.Length);
        buffer.Advance(1 + sizeof(int));
        buffer.Write(value);
    }
}

/// <summary>The digest of a table's rows.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="Sha256">Their digest, in hexadecimal.</param>
internal sealed record TableDigest(long Rows, string Sha256);
