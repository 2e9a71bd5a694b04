using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EsimFly.Dashboard.Api;

/// <summary>Where a page of a list ended: the key of its last row. Clients pass it on as it is.</summary>
internal static class Cursor
{
    private const char Separator = '|';

    /// <summary>The cursor after a row that is known by its number.</summary>
    public static string Of(long id) => Encode(id.ToString(CultureInfo.InvariantCulture));

    /// <summary>The cursor after a row that is known by its place in time, its environment and its key.</summary>
    public static string Of(long sortAtMs, bool isTest, string key) =>
        Encode(string.Create(CultureInfo.InvariantCulture, $"{sortAtMs}{Separator}{(isTest ? 1 : 0)}{Separator}{key}"));

    /// <summary>Reads a number's cursor; false where it is none.</summary>
    public static bool TryRead(string? cursor, out long? id)
    {
        id = null;
        if (string.IsNullOrEmpty(cursor))
        {
            return true;
        }

        var isRead = long.TryParse(Decode(cursor), NumberStyles.None, CultureInfo.InvariantCulture, out var read);
        id = isRead ? read : null;
        return isRead;
    }

    /// <summary>Reads a place's cursor; false where it is none.</summary>
    public static bool TryRead(string? cursor, out (long SortAtMs, bool IsTest, string Key)? place)
    {
        place = null;
        if (string.IsNullOrEmpty(cursor))
        {
            return true;
        }

        if (
            Decode(cursor)?.Split(Separator, 3) is not [var sortAt, var environment, { Length: > 0 } key]
            || environment is not ("0" or "1")
            || !long.TryParse(sortAt, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sortAtMs)
        )
        {
            return false;
        }

        place = (sortAtMs, environment is "1", key);
        return true;
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string? Decode(string cursor) =>
        Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : null;
}
