using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EsimFly.Dashboard.Components.Tables;

/// <summary>
/// Where in a list its viewer is, as the address has it: the last row of each page before, so that Back, refresh and a link lead to the
/// same page. A place is a row's sort key as text; places are joined by dots. Pure.
/// </summary>
internal static class PageTrail
{
    // An address has a bound; who goes on beyond it gets back as far as this and then to the first page.
    private const int Longest = 20;

    private const char Separator = '|';

    /// <summary>A place from the parts of a sort key, the one that may have any letter in it last.</summary>
    public static string PlaceOf(params ReadOnlySpan<object?> parts)
    {
        var texts = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            texts[i] = parts[i] is bool flag ? (flag ? "1" : "0") : Convert.ToString(parts[i], CultureInfo.InvariantCulture) ?? "";
        }

        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator, texts)));
    }

    /// <summary>The parts of the place after which the page begins; null for the first page, and for an address that has none.</summary>
    public static string[]? PartsOf(string? trail, int count)
    {
        var place = trail?.Split('.')[^1];
        return
            !string.IsNullOrEmpty(place)
            && Base64Url.IsValid(place)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(place)).Split(Separator, count) is { } parts
            && parts.Length == count
            ? parts
            : null;
    }

    /// <summary>The trail one page further.</summary>
    public static string Further(string? trail, string place) =>
        string.Join('.', (string.IsNullOrEmpty(trail) ? [] : trail.Split('.')).Append(place).TakeLast(Longest));

    /// <summary>The trail one page back; null for the first page.</summary>
    public static string? Back(string? trail) => trail?.LastIndexOf('.') is > 0 and var end ? trail[..end] : null;

    /// <summary>A number in a place; null where it is none.</summary>
    public static long? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
