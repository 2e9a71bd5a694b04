using System.Text;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>A delivery id, or its beginning, as people type it.</summary>
internal static class DeliveryIdText
{
    /// <summary>
    /// The id as it is stored: a UUID may be typed with spaces, without its dashes, and in capitals; anything else is left as it is.
    /// </summary>
    public static string Read(string text)
    {
        var digits = text.Where(letter => letter is not ('-' or ' ')).ToArray();
        if (digits.Length is 0 or > 32 || !digits.All(char.IsAsciiHexDigit))
        {
            return text;
        }

        var id = new StringBuilder();
        foreach (var digit in digits)
        {
            id.Append(id.Length is 8 or 13 or 18 or 23 ? "-" : "").Append(char.ToLowerInvariant(digit));
        }

        return id.ToString();
    }
}
