namespace EsimFly.Dashboard.Storage;

/// <summary>How ids are made comparable for search: letters and digits only, in capitals, digits of any script as ASCII.</summary>
internal static class SearchKey
{
    /// <summary>So many rows that fit are many: they are better walked by time than sorted by it.</summary>
    public const int Wide = 10_000;

    /// <summary>
    /// The beginning of an order's id that is typed: it is as a rule <c>ORD-</c> and digits, and people read out the digits.
    /// </summary>
    public static string OrderIdStart(string term) => term.All(char.IsAsciiDigit) ? "ORD" + term : term;

    /// <summary>The id without spaces, dashes and other marks, in capitals; null for null.</summary>
    public static string? Of(string? id)
    {
        if (id is null)
        {
            return null;
        }

        return string.Create(
            id.Count(char.IsLetterOrDigit),
            id,
            static (target, source) =>
            {
                var at = 0;
                foreach (var letter in source.Where(char.IsLetterOrDigit))
                {
                    target[at++] = char.IsDigit(letter) ? (char)('0' + (int)char.GetNumericValue(letter)) : char.ToUpperInvariant(letter);
                }
            }
        );
    }

    /// <summary><see cref="Of"/> backwards, for search by the end of an id; null for null.</summary>
    public static string? Reversed(string? id) => Of(id) is { } key ? Reverse(key) : null;

    /// <summary>The text backwards.</summary>
    public static string Reverse(string text) =>
        string.Create(
            text.Length,
            text,
            static (target, source) =>
            {
                source.AsSpan().CopyTo(target);
                target.Reverse();
            }
        );

    /// <summary>The first text after all those that begin with <paramref name="prefix"/>, for a range over an index.</summary>
    public static string AfterPrefix(string prefix) => prefix + '\uFFFF';
}
