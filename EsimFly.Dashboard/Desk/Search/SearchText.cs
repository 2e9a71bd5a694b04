namespace EsimFly.Dashboard.Desk.Search;

/// <summary>What people paste: a line of a mail or a table, with what the id is before it.</summary>
internal static class SearchText
{
    private static readonly string[] Labels =
    [
        "order id",
        "order no",
        "order number",
        "order reference",
        "order",
        "reference",
        "ref",
        "iccid",
        "esim",
        "sim",
        "eid",
        "imsi",
        "delivery id",
        "delivery",
        "package",
        "no",
        "nr",
    ];

    /// <summary>The text without a label such as <c>Order no.:</c>, and without quotes; null for null.</summary>
    public static string? WithoutLabel(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var rest = text.Trim().Trim('"', '\'', '“', '”', '<', '>');
        foreach (var label in Labels.Where(label => rest.StartsWith(label, StringComparison.OrdinalIgnoreCase)))
        {
            var after = rest[label.Length..].TrimStart('.', ' ');
            if (after.StartsWith(':') || after.StartsWith('#') || after.StartsWith('='))
            {
                return after.TrimStart(':', '#', '=', ' ').Trim();
            }
        }

        return rest.TrimStart('#');
    }
}
