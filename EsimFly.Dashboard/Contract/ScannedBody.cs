using System.Text.Json;
using System.Text.Unicode;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// What one pass over a body finds, handed on to whatever needs it: whether it is JSON that can be used, its event name, and the codes in
/// it. Nothing in it throws, whatever the bytes are.
/// </summary>
internal sealed class ScannedBody
{
    // Deeper than a payload may be to be used: such a delivery is kept and quarantined, not lost.
    private const int DeepestJson = 64;

    private const int LongestName = 100;

    private static readonly ScannedBody NoJson = new();

    private readonly HashSet<string> codes = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);

    private ScannedBody() { }

    /// <summary>Whether it is exactly one JSON value in UTF-8 (RFC 8259), nested no deeper than 64.</summary>
    public bool IsJson { get; private init; }

    /// <summary>
    /// Whether it can be read in one way only, and is nested no deeper than <see cref="ContractJson.MaxDepth"/>: no object has a key twice.
    /// </summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>The root's <c>event</c>, codes masked; null where it has none that is a text of up to 100 bytes.</summary>
    public string? EventName { get; private set; }

    /// <summary>Whether something in it must be masked before it is shown.</summary>
    public bool HasCodes { get; private set; }

    /// <summary>The names in it: what a text for people may repeat.</summary>
    public IReadOnlySet<string> Names => names;

    /// <summary>The codes in it, and the parts of them that are as good as the whole.</summary>
    public IReadOnlyCollection<string> Codes => codes;

    /// <summary>Reads a body.</summary>
    public static ScannedBody Of(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return NoJson;
        }

        var scanned = new ScannedBody { IsJson = true };
        try
        {
            scanned.Read(body);
            return scanned;
        }
        catch (JsonException)
        {
            return new ScannedBody { EventName = scanned.EventName }; // what was read before the fault tells people what was meant
        }
    }

    private void Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = DeepestJson });
        var place = new CodePlace();
        var keys = new HashSet<(int Object, string Key)>();
        var open = new Stack<int>();
        var (objects, isEventNext) = (0, false);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push(++objects);
                    IsUsable &= open.Count <= ContractJson.MaxDepth;
                    isEventNext = false;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    place.Leave(reader.CurrentDepth);
                    break;
                case JsonTokenType.PropertyName:
                    var key = KeyTable.Read(reader.ValueSpan);
                    place.Enter(key, reader.CurrentDepth);
                    IsUsable &= keys.Add((open.Peek(), key.Name));
                    isEventNext = reader.CurrentDepth == 1 && EventName is null && key.Name is "event";
                    if (!key.IsKnown)
                    {
                        HasCodes |= CodeMask.FindCodes(key.Name, codes);
                    }

                    break;
                case JsonTokenType.String:
                    var text = SignedBytes.Unescape(reader.ValueSpan);
                    HasCodes |= CodeMask.FindCodes(text, place, codes);
                    if (place.IsName)
                    {
                        names.Add(text);
                    }

                    if (isEventNext && reader.ValueSpan.Length <= LongestName)
                    {
                        EventName = CodeMask.MaskText(text);
                    }

                    isEventNext = false;
                    break;
                case JsonTokenType.Number when place.IsCode || place.IsUnknown:
                    HasCodes |= CodeMask.FindCodes(System.Text.Encoding.UTF8.GetString(reader.ValueSpan), place, codes);
                    isEventNext = false;
                    break;
                default:
                    isEventNext = false;
                    break;
            }
        }
    }
}
