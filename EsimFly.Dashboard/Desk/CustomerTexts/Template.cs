using System.Net;
using System.Text;

namespace EsimFly.Dashboard.Desk.CustomerTexts;

/// <summary>
/// A text with placeholders. <c>{package}</c> stands for a value; what stands in square brackets is left out where a value in it is not
/// known, and so is a line outside of brackets; <c>{?confirmation}</c> only asks whether there is one. Pure.
/// </summary>
internal static class Template
{
    /// <summary>The placeholders and what stands in their place.</summary>
    public static IReadOnlyList<(string Name, string Words)> Placeholders { get; } =
    [
        ("customer", "the customer’s name"),
        ("order", "the order’s id"),
        ("package", "the package’s name"),
        ("iccid", "the ICCID"),
        ("activation_code", "the whole activation code"),
        ("smdp", "the SM-DP+ address"),
        ("matching_id", "the activation code as iPhones ask for it, without the address"),
        ("apple_link", "the install link for iPhone"),
        ("android_link", "the install link for Android"),
        ("confirmation", "whether the phone asks for a confirmation code"),
        ("data_used", "data used, in GB"),
        ("data_total", "data of the plan, in GB"),
        ("expires", "when the plan ends"),
    ];

    /// <summary>What is wrong with a text for a purpose, in words; null where nothing is.</summary>
    public static string? Problem(string text, CustomerText kind)
    {
        var depth = 0;
        foreach (var letter in text)
        {
            depth += letter switch
            {
                '[' => 1,
                ']' => -1,
                _ => 0,
            };
            if (depth is < 0 or > 1)
            {
                return "Each [ needs its ], and none may stand in another.";
            }
        }

        if (depth != 0)
        {
            return "A [ has no ].";
        }

        var used = Names(text).ToList();
        if (used.Find(name => !Placeholders.Any(known => string.Equals(known.Name, name, StringComparison.Ordinal))) is { } unknown)
        {
            return $"{{{unknown}}} is no placeholder.";
        }

        return kind switch
        {
            CustomerText.Install when !used.Any(static name => name is "apple_link" or "android_link" or "activation_code") =>
                "Nothing can be installed with it: {apple_link}, {android_link} or {activation_code} is needed.",
            CustomerText.InstallByHand
                when !(used.Contains("smdp", StringComparer.Ordinal) && used.Contains("matching_id", StringComparer.Ordinal)) =>
                "{smdp} and {matching_id} are needed.",
            _ => text.Trim().Length == 0 ? "The text is empty." : null,
        };
    }

    /// <summary>The text with its values.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string?> values)
    {
        var filled = new StringBuilder();
        foreach (var piece in Pieces(text))
        {
            if (piece.IsOptional)
            {
                filled.Append(IsKnown(piece.Text, values) ? Replace(piece.Text, values) : "");
            }
            else
            {
                var lines = piece.Text.Split('\n');
                filled.AppendJoin('\n', lines.Where(line => IsKnown(line, values)).Select(line => Replace(line, values)));
            }
        }

        // What was left out leaves no hole.
        while (filled.ToString().Contains("\n\n\n", StringComparison.Ordinal))
        {
            filled.Replace("\n\n\n", "\n\n");
        }

        return filled.ToString().Trim() + "\n";
    }

    /// <summary>A filled text as HTML: paragraphs, links that can be clicked, in its language and direction.</summary>
    public static string ToHtml(string filled, string language)
    {
        var html = new StringBuilder();
        html.Append(CultureHtml(language));
        foreach (var paragraph in filled.Trim().Split("\n\n"))
        {
            html.Append("<p>");
            html.AppendJoin(
                "<br>",
                paragraph
                    .Split('\n')
                    .Select(static line =>
                        line.StartsWith("https://", StringComparison.Ordinal)
                            ? $"<a dir=\"ltr\" href=\"{WebUtility.HtmlEncode(line)}\">{WebUtility.HtmlEncode(line)}</a>"
                            : WebUtility.HtmlEncode(line)
                    )
            );
            html.Append("</p>");
        }

        return html.Append("</div>").ToString();
    }

    /// <summary>Whether a language is written from right to left.</summary>
    public static bool IsRightToLeft(string language) => language.Split('-')[0] is "ar" or "fa" or "he" or "ur" or "ps" or "sd" or "yi";

    private static string CultureHtml(string language) =>
        $"<div lang=\"{WebUtility.HtmlEncode(language)}\" dir=\"{(IsRightToLeft(language) ? "rtl" : "ltr")}\">";

    private static IEnumerable<(string Text, bool IsOptional)> Pieces(string text)
    {
        while (text.Length > 0)
        {
            var start = text.IndexOf('[', StringComparison.Ordinal);
            if (start < 0)
            {
                yield return (text, false);
                yield break;
            }

            yield return (text[..start], false);
            var end = text.IndexOf(']', start);
            yield return (text[(start + 1)..end], true);
            text = text[(end + 1)..];
        }
    }

    private static bool IsKnown(string text, IReadOnlyDictionary<string, string?> values) =>
        Names(text).All(name => !string.IsNullOrEmpty(values.GetValueOrDefault(name)));

    private static string Replace(string text, IReadOnlyDictionary<string, string?> values)
    {
        var filled = new StringBuilder(text);
        foreach (var name in Names(text).Distinct(StringComparer.Ordinal))
        {
            filled.Replace($"{{?{name}}}", "").Replace($"{{{name}}}", values[name]);
        }

        return filled.ToString();
    }

    private static IEnumerable<string> Names(string text)
    {
        for (var start = text.IndexOf('{', StringComparison.Ordinal); start >= 0; start = text.IndexOf('{', start + 1))
        {
            var end = text.IndexOf('}', start);
            if (end < 0)
            {
                yield return text[(start + 1)..];
                yield break;
            }

            yield return text[(start + 1)..end].TrimStart('?');
        }
    }
}
