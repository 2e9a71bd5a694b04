using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EsimFly.Dashboard.Components.Text;

/// <summary>JSON as people read it.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same JSON, indented; as it is where it is not JSON. Control and direction marks are made visible.</summary>
    public static string Indent(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, Indented))
            {
                document.WriteTo(writer);
            }

            return ShowHidden(Encoding.UTF8.GetString(buffer.ToArray()));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return ShowHidden(json);
        }
    }

    /// <summary>
    /// The text with control characters and marks that change the direction of reading shown as their code points. One that is read from
    /// right to left is isolated, so that it turns nothing around it (UAX #9, FSI and PDI).
    /// </summary>
    public static string MakeVisible(string text) => Isolate(ShowHidden(text));

    /// <summary>The text, isolated where it has letters that are read from right to left.</summary>
    public static string Isolate(string text) => text.Any(IsRightToLeft) ? $"\u2068{text}\u2069" : text;

    private static string ShowHidden(string text)
    {
        if (!text.Any(IsHidden))
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            if (IsHidden(letter))
            {
                visible.Append(System.Globalization.CultureInfo.InvariantCulture, $"⟨U+{(int)letter:X4}⟩");
            }
            else
            {
                visible.Append(letter);
            }
        }

        return visible.ToString();
    }

    // Hebrew, Arabic, Syriac, Thaana, N'Ko and the presentation forms.
    private static bool IsRightToLeft(char letter) =>
        letter is (>= '\u0590' and <= '\u08FF') or (>= '\uFB1D' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFC');

    // Unicode UAX #9's explicit formatting characters, zero-width marks, and controls other than line feed.
    private static bool IsHidden(char letter) =>
        (char.IsControl(letter) && letter != '\n')
        || letter
            is (>= '\u200B' and <= '\u200F')
                or (>= '\u202A' and <= '\u202E')
                or (>= '\u2060' and <= '\u2069')
                or '\u061C'
                or '\uFEFF';
}
