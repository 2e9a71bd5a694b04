namespace EsimFly.Dashboard.Components.Text;

/// <summary>Cuts printed JSON into pieces to be coloured. Whatever it is given, the pieces together are that text.</summary>
internal static class JsonTokens
{
    /// <summary>
    /// The pieces in their order, each with what it is: <c>key</c>, <c>string</c>, <c>number</c>, <c>word</c>, or empty for marks and
    /// space.
    /// </summary>
    public static IEnumerable<(string Kind, string Text)> Of(string json)
    {
        var at = 0;
        while (at < json.Length)
        {
            var (kind, end) = json[at] switch
            {
                '"' => ReadString(json, at),
                '-' or (>= '0' and <= '9') => (
                    "number",
                    EndOf(json, at, static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '+' or '-')
                ),
                >= 'a' and <= 'z' => ("word", EndOf(json, at, char.IsAsciiLetter)),
                _ => ("", EndOf(json, at, static letter => letter is not ('"' or '-' or (>= '0' and <= '9') or (>= 'a' and <= 'z')))),
            };
            yield return (kind, json[at..end]);
            at = end;
        }
    }

    /// <summary>A text cut where a term stands in it, whatever its case; the pieces that are the term bear true.</summary>
    public static IEnumerable<(bool IsMatch, string Text)> Mark(string text, string? term)
    {
        var at = 0;
        while (!string.IsNullOrEmpty(term) && text.IndexOf(term, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found)
        {
            if (found > at)
            {
                yield return (false, text[at..found]);
            }

            yield return (true, text.Substring(found, term.Length));
            at = found + term.Length;
        }

        if (at < text.Length)
        {
            yield return (false, text[at..]);
        }
    }

    private static (string Kind, int End) ReadString(string json, int start)
    {
        var end = start + 1;
        while (end < json.Length && json[end] != '"')
        {
            end += json[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(json.Length, end + 1);
        return (end < json.Length && json[end] == ':' ? "key" : "string", end);
    }

    private static int EndOf(string json, int start, Func<char, bool> belongs)
    {
        var end = start + 1;
        while (end < json.Length && belongs(json[end]))
        {
            end++;
        }

        return end;
    }
}
