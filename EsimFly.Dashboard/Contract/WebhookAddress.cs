namespace EsimFly.Dashboard.Contract;

/// <summary>Where eSIMfly sends its webhooks.</summary>
internal static class WebhookAddress
{
    /// <summary>
    /// The path of the endpoint; with this application's public address before it, it is what to paste into eSIMfly's dashboard.
    /// </summary>
    public const string Path = "/webhooks/esimfly";

    /// <summary>The whole address under the application's base address.</summary>
    public static string Under(string baseAddress) => baseAddress.TrimEnd('/') + Path;
}
