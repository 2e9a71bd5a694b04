using System.Globalization;

namespace EsimFly.Dashboard.Components.Text;

/// <summary>Amounts with their currency.</summary>
internal static class Money
{
    // ISO 4217: those whose amounts have no decimals in use.
    private static readonly HashSet<string> Whole = new(StringComparer.Ordinal)
    {
        "IQD",
        "JPY",
        "KRW",
        "VND",
        "CLP",
        "ISK",
        "UGX",
        "XAF",
        "XOF",
    };

    /// <summary>The amount as text, such as <c>5.50 USD</c>; a dash where there is none.</summary>
    public static string Show(decimal? amount, string currency) =>
        amount is { } value
            ? $"{value.ToString(Whole.Contains(currency) ? "#,0.##" : "#,0.00##", CultureInfo.InvariantCulture)} {currency}"
            : "–";
}
