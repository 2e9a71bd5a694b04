using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EsimFly.Dashboard.Contract;

/// <summary>Prints parsed JSON as another language's standard printer would, for one of the signed forms.</summary>
internal sealed class JsonPrinter
{
    /// <summary>ECMAScript: <c>JSON.stringify(JSON.parse(body))</c>.</summary>
    public static readonly JsonPrinter JavaScript = new(isPython: false);

    /// <summary>CPython: <c>json.dumps(json.loads(body))</c>.</summary>
    public static readonly JsonPrinter Python = new(isPython: true);

    // CPython refuses to convert an integer of more digits (sys.get_int_max_str_digits).
    private const int PythonMaxIntegerDigits = 4300;

    // The largest array index of ECMAScript, 2^32 - 2: keys that are one come first, in ascending order.
    private const uint LargestArrayIndex = uint.MaxValue - 1;

    private static readonly SearchValues<byte> PythonPlain = SearchValues.Create([
        .. Enumerable.Range(0x20, 0x7F - 0x20).Where(value => value is not ('"' or '\\')).Select(value => (byte)value),
    ]);

    private readonly bool isPython;
    private readonly byte[] itemSeparator;
    private readonly byte[] keySeparator;

    private JsonPrinter(bool isPython)
    {
        this.isPython = isPython;
        itemSeparator = isPython ? ", "u8.ToArray() : ","u8.ToArray();
        keySeparator = isPython ? ": "u8.ToArray() : ":"u8.ToArray();
    }

    /// <summary>Prints <paramref name="json"/>, which must be valid UTF-8 and valid JSON.</summary>
    /// <returns>False where the language itself would refuse a value.</returns>
    public bool TryPrint(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return TryPrintValue(ref reader, json, output);
    }

    private bool TryPrintValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return TryPrintObject(ref reader, json, output);
            case JsonTokenType.StartArray:
                return TryPrintArray(ref reader, json, output);
            case JsonTokenType.String:
                PrintString(reader.ValueSpan, output);
                return true;
            case JsonTokenType.Number:
                return TryPrintNumber(reader.ValueSpan, output);
            default:
                output.Write(reader.ValueSpan);
                return true;
        }
    }

    private bool TryPrintArray(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        var isFirst = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!isFirst)
            {
                output.Write(itemSeparator);
            }

            isFirst = false;
            if (!TryPrintValue(ref reader, json, output))
            {
                return false;
            }
        }

        output.Write("]"u8);
        return true;
    }

    // Both languages keep a repeated key where it first was, with the value that it had last.
    private bool TryPrintObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var values = new OrderedDictionary<string, Range>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = SignedBytes.Unescape(reader.ValueSpan);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            values[key] = start..(int)reader.BytesConsumed;
        }

        output.Write("{"u8);
        var isFirst = true;
        foreach (var (key, range) in isPython ? values : IndexesFirst(values))
        {
            if (!isFirst)
            {
                output.Write(itemSeparator);
            }

            isFirst = false;
            PrintText(key, output);
            output.Write(keySeparator);

            var value = json[range];
            var valueReader = new Utf8JsonReader(value);
            valueReader.Read();
            if (!TryPrintValue(ref valueReader, value, output))
            {
                return false;
            }
        }

        output.Write("}"u8);
        return true;
    }

    private static IEnumerable<KeyValuePair<string, Range>> IndexesFirst(OrderedDictionary<string, Range> values)
    {
        return values.Keys.Any(key => ArrayIndex(key) is not null)
            ? values.OrderBy(pair => ArrayIndex(pair.Key) ?? long.MaxValue) // a stable sort: the others keep their order
            : values;
    }

    private static long? ArrayIndex(string key)
    {
        var isCanonical = key.Length is > 0 and <= 10 && (key[0] != '0' || key.Length == 1);
        return
            isCanonical && uint.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= LargestArrayIndex
            ? index
            : null;
    }

    private void PrintString(ReadOnlySpan<byte> content, IBufferWriter<byte> output)
    {
        var isPlain = isPython ? content.IndexOfAnyExcept(PythonPlain) < 0 : !content.Contains((byte)'\\');
        if (isPlain)
        {
            output.Write("\""u8);
            output.Write(content);
            output.Write("\""u8);
        }
        else
        {
            PrintText(SignedBytes.Unescape(content), output);
        }
    }

    private void PrintText(string text, IBufferWriter<byte> output)
    {
        var printed = new StringBuilder(text.Length + 16).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            switch (unit)
            {
                case '"':
                    printed.Append("\\\"");
                    break;
                case '\\':
                    printed.Append(@"\\");
                    break;
                case '\b':
                    printed.Append(@"\b");
                    break;
                case '\f':
                    printed.Append(@"\f");
                    break;
                case '\n':
                    printed.Append(@"\n");
                    break;
                case '\r':
                    printed.Append(@"\r");
                    break;
                case '\t':
                    printed.Append(@"\t");
                    break;
                case < ' ':
                case > '~' when isPython:
                    AppendEscape(printed, unit);
                    break;
                default:
                    if (char.IsHighSurrogate(unit) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                    {
                        printed.Append(unit).Append(text[++i]);
                    }
                    else if (char.IsSurrogate(unit))
                    {
                        AppendEscape(printed, unit);
                    }
                    else
                    {
                        printed.Append(unit);
                    }

                    break;
            }
        }

        printed.Append('"');
        foreach (var chunk in printed.GetChunks())
        {
            // A chunk may end between two surrogates, so encode the whole where it has more than one.
            if (chunk.Length == printed.Length)
            {
                Encoding.UTF8.GetBytes(chunk.Span, output);
                return;
            }
        }

        Encoding.UTF8.GetBytes(printed.ToString(), output);
    }

    private static void AppendEscape(StringBuilder printed, char unit) =>
        printed.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");

    private bool TryPrintNumber(ReadOnlySpan<byte> literal, IBufferWriter<byte> output)
    {
        var isInteger = literal.IndexOfAny(".eE"u8) < 0;
        if (isPython && isInteger)
        {
            var digits = literal[0] == '-' ? literal.Length - 1 : literal.Length;
            output.Write(literal.SequenceEqual("-0"u8) ? "0"u8 : literal);
            return digits <= PythonMaxIntegerDigits;
        }

        var value = double.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture);
        Encoding.UTF8.GetBytes(isPython ? PythonNumber(value) : JavaScriptNumber(value), output);
        return true;
    }

    // ECMA-262, 6.1.6.1.20 Number::toString; JSON.stringify prints what is not finite as null.
    private static string JavaScriptNumber(double value)
    {
        if (!double.IsFinite(value))
        {
            return "null";
        }

        if (value == 0)
        {
            return "0";
        }

        var (sign, digits, point) = Shortest(value);
        return point switch
        {
            <= 21 and > 0 => sign + Fixed(digits, point, integerSuffix: ""),
            <= 0 and > -6 => $"{sign}0.{new string('0', -point)}{digits}",
            _ => sign + Exponential(digits, point, "0"),
        };
    }

    // float.__repr__: the shortest digits, an exponent below 1e-4 and from 1e16 on.
    private static string PythonNumber(double value)
    {
        if (!double.IsFinite(value))
        {
            return value > 0 ? "Infinity" : "-Infinity";
        }

        if (value == 0)
        {
            return double.IsNegative(value) ? "-0.0" : "0.0";
        }

        var (sign, digits, point) = Shortest(value);
        return point switch
        {
            <= 16 and > 0 => sign + Fixed(digits, point, integerSuffix: ".0"),
            <= 0 and > -4 => $"{sign}0.{new string('0', -point)}{digits}",
            _ => sign + Exponential(digits, point, "00"),
        };
    }

    private static string Fixed(string digits, int point, string integerSuffix) =>
        digits.Length <= point ? digits.PadRight(point, '0') + integerSuffix : $"{digits[..point]}.{digits[point..]}";

    private static string Exponential(string digits, int point, string exponentFormat)
    {
        var exponent = point - 1;
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString(exponentFormat, CultureInfo.InvariantCulture)}";
    }

    // The value is sign 0.digits × 10^point, with the fewest digits that read back as the same value.
    private static (string Sign, string Digits, int Point) Shortest(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var sign = value < 0 ? "-" : "";
        var mantissa = text.AsSpan(sign.Length);
        var exponent = 0;
        if (mantissa.IndexOf('E') is >= 0 and var e)
        {
            exponent = int.Parse(mantissa[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..e];
        }

        var dot = mantissa.IndexOf('.');
        var point = (dot < 0 ? mantissa.Length : dot) + exponent;
        var digits = dot < 0 ? mantissa.ToString() : $"{mantissa[..dot]}{mantissa[(dot + 1)..]}";
        var significant = digits.TrimStart('0');
        return (sign, significant.TrimEnd('0'), point - (digits.Length - significant.Length));
    }
}
