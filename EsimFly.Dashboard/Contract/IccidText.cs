using System.Globalization;
using System.Text;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// ICCIDs as senders and people write them: with blanks, dashes, invisible direction marks, the digits of other scripts, and the filler
/// <c>F</c> that pads 19 digits to whole bytes (ETSI TS 102 221, 13.2). All of these are one eSIM.
/// </summary>
internal static class IccidText
{
    private const int FewestDigits = 15; // of those seen, the shortest

    private const string Placeholder = "PENDING";

    /// <summary>
    /// The text by which the eSIM is known: its digits, where it is an ICCID in any of these forms; else the text, trimmed.
    /// </summary>
    public static string Key(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length <= IccidFormat.Longest && trimmed.All(char.IsAsciiDigit))
        {
            return trimmed; // as nearly all are
        }

        var digits = Digits(trimmed, out var isPlain);
        return isPlain && digits.Length >= FewestDigits ? digits : trimmed;
    }

    /// <summary>The digits of a text, in ASCII.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isPlain">Whether there is nothing in it but digits, marks between them, and fillers behind them.</param>
    public static string Digits(string text, out bool isPlain)
    {
        var digits = new StringBuilder(text.Length);
        var hasFiller = false;
        isPlain = true;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            {
                isPlain &= !hasFiller; // a filler is behind the digits, not between
                digits.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            }
            else if (rune.Value is 'F' or 'f')
            {
                hasFiller = true;
            }
            else
            {
                isPlain &= IsMark(rune);
            }
        }

        return digits.ToString();
    }

    /// <summary>Whether it stands in the place of an ICCID that is not there yet, such as <c>PENDING_1234</c>.</summary>
    public static bool IsPlaceholder(string text)
    {
        var trimmed = text.Trim();
        return trimmed.StartsWith(Placeholder, StringComparison.OrdinalIgnoreCase) || !trimmed.EnumerateRunes().Any(Rune.IsDigit);
    }

    private static bool IsMark(Rune rune) =>
        Rune.IsWhiteSpace(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format or UnicodeCategory.Control
        || rune.Value is '.' or '_' or '/';
}
