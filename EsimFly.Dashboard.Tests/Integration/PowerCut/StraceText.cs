using System.Globalization;

namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>The notation of strace: arguments, descriptors with their paths (<c>-y</c>), strings with C's escapes.</summary>
internal static class StraceText
{
    /// <summary>The arguments of a call, as they stand in the text; those that are there where it is unfinished.</summary>
    public static List<string> Arguments(string call)
    {
        var arguments = new List<string>();
        var depth = 0;
        var from = call.IndexOf('(', StringComparison.Ordinal) + 1;
        for (var at = from; at < call.Length; at++)
        {
            switch (call[at])
            {
                case '"':
                    at = EndOfString(call, at);
                    break;
                case '{' or '[':
                    depth++;
                    break;
                case '}' or ']':
                    depth--;
                    break;
                case ',' when depth == 0:
                    arguments.Add(call[from..at].Trim());
                    from = at + 1;
                    break;
                case '(':
                    depth++;
                    break;
                case ')' when depth > 0:
                    depth--;
                    break;
                case ')':
                    arguments.Add(call[from..at].Trim());
                    return arguments;
            }
        }

        arguments.Add(call[from..].Trim());
        return arguments;
    }

    /// <summary>The path in <c>5&lt;/data/file&gt;</c>; null for a file whose name is gone, and for what is no descriptor.</summary>
    public static string? PathOf(string descriptor)
    {
        var from = descriptor.IndexOf('<', StringComparison.Ordinal) + 1;
        var to = descriptor.LastIndexOf('>');
        return from > 0 && to > from && to == descriptor.Length - 1 && char.IsAsciiDigit(descriptor[0]) ? descriptor[from..to] : null;
    }

    /// <summary>The bytes of a string in quotes.</summary>
    /// <exception cref="InvalidDataException">strace cut it short: its <c>-s</c> was too small.</exception>
    public static byte[] Bytes(string quoted)
    {
        if (!quoted.EndsWith('"'))
        {
            throw new InvalidDataException("The trace has a string that is not whole.");
        }

        var bytes = new List<byte>(quoted.Length);
        for (var at = 1; at < quoted.Length - 1; at++)
        {
            bytes.Add(quoted[at] == '\\' ? Escaped(quoted, ref at) : (byte)quoted[at]);
        }

        return [.. bytes];
    }

    public static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static byte Escaped(string text, ref int at)
    {
        at++;
        switch (text[at])
        {
            case 'n':
                return (byte)'\n';
            case 't':
                return (byte)'\t';
            case 'r':
                return (byte)'\r';
            case 'v':
                return (byte)'\v';
            case 'f':
                return (byte)'\f';
            case >= '0' and <= '7':
                var value = 0;
                var end = Math.Min(at + 3, text.Length);
                for (; at < end && text[at] is >= '0' and <= '7'; at++)
                {
                    value = (value * 8) + (text[at] - '0');
                }

                at--;
                return (byte)value;
            default:
                return (byte)text[at];
        }
    }

    private static int EndOfString(string text, int at)
    {
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            at += text[at] == '\\' ? 1 : 0;
        }

        return at;
    }
}
