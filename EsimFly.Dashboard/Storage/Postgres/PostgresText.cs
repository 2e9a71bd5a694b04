using System.Globalization;
using System.Text.RegularExpressions;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>
/// Puts statements into PostgreSQL's form: parameters by position, and statements that are run for many rows as one, over arrays
/// (postgresql.org/docs/current/functions-array.html, "unnest").
/// </summary>
internal static partial class PostgresText
{
    private const string Replacement = "\uFFFD";

    /// <summary>A statement with its parameters by position.</summary>
    public static string Of(string sql) => Parameter().Replace(sql, static match => "$" + Position(match));

    /// <summary>A query, run once for each set of values: its columns, and after them the index of the set, from 1 on.</summary>
    public static string QueryEach(string sql, IReadOnlyList<string> types) =>
        $"SELECT q.*, k.n FROM {Sets(types, isNumbered: true)} CROSS JOIN LATERAL ({OfSet(sql)}) q ORDER BY k.n";

    /// <summary>An <c>UPDATE</c> or <c>DELETE</c>, run once for each set of values.</summary>
    public static string ExecuteEach(string sql, IReadOnlyList<string> types)
    {
        var text = OfSet(sql).Trim();
        var where = text.LastIndexOf("WHERE", StringComparison.Ordinal);
        var word = text.StartsWith("UPDATE", StringComparison.Ordinal) ? "FROM" : "USING";
        return $"{text[..where]}{word} {Sets(types, isNumbered: false)} {text[where..]}";
    }

    /// <summary>Inserts rows that are given as one array for each column.</summary>
    public static string Insert(RowInsert into, IReadOnlyList<string> types) =>
        $"INSERT INTO \"{into.Table}\" ({string.Join(", ", into.Columns.Select(static name => $"\"{name}\""))}) "
        + $"SELECT * FROM unnest({Arrays(types)}){into.Conflict}";

    /// <summary>Text that PostgreSQL can keep: it has no NUL and no half of a surrogate pair, in whose place stands U+FFFD.</summary>
    public static string Storable(string text)
    {
        var isGood = !text.Contains('\0', StringComparison.Ordinal);
        for (var i = 0; isGood && i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                isGood = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                i++;
            }
        }

        return isGood ? text : string.Concat(text.EnumerateRunes().Select(static rune => rune.Value == 0 ? Replacement : rune.ToString()));
    }

    private static string OfSet(string sql) => Parameter().Replace(sql, static match => "k.p" + match.Groups["number"].Value);

    private static string Sets(IReadOnlyList<string> types, bool isNumbered) =>
        $"unnest({Arrays(types)}) {(isNumbered ? "WITH ORDINALITY " : "")}AS k("
        + string.Join(", ", types.Select(static (_, index) => string.Create(CultureInfo.InvariantCulture, $"p{index}")))
        + (isNumbered ? ", n)" : ")");

    private static string Arrays(IReadOnlyList<string> types) =>
        string.Join(", ", types.Select(static (type, index) => string.Create(CultureInfo.InvariantCulture, $"${index + 1}::{type}[]")));

    private static int Position(Match match) => int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) + 1;

    [GeneratedRegex(@"@p(?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();
}
