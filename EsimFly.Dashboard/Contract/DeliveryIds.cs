namespace EsimFly.Dashboard.Contract;

/// <summary>The delivery id that a request's headers give: unsigned, so bounded before it is kept.</summary>
internal static class DeliveryIds
{
    private const int Longest = 200;

    /// <summary>The id under <paramref name="contract"/>, or null.</summary>
    public static string? Read(IHeaderDictionary headers, ContractVersion contract) =>
        Limit(headers[WebhookHeaders.DeliveryId(contract)].FirstOrDefault());

    /// <summary>The id without what lies beyond 200 characters; null for none.</summary>
    public static string? Limit(string? id)
    {
        id = id?.Trim();
        return id switch
        {
            null or "" => null,
            { Length: > Longest } => CodeMask.MaskText(id[..Longest]),
            _ => CodeMask.MaskText(id),
        };
    }
}
