namespace EsimFly.Dashboard.Components.Text;

/// <summary>The addresses of the pages, in one place.</summary>
internal static class Links
{
    /// <summary>An order, by its id or reference.</summary>
    public static string Order(string idOrReference, bool isTest) => $"/orders/{Uri.EscapeDataString(idOrReference)}{TestQuery(isTest)}";

    /// <summary>An eSIM, by its ICCID.</summary>
    public static string Esim(string iccid, bool isTest) => $"/esims/{Uri.EscapeDataString(iccid)}{TestQuery(isTest)}";

    /// <summary>A delivery, by its number.</summary>
    public static string Delivery(long seq) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/deliveries/{seq}");

    /// <summary>A request that was rejected, by its number.</summary>
    public static string Rejected(long id) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/deliveries/rejected/{id}");

    private static string TestQuery(bool isTest) => isTest ? "?test=true" : "";
}
