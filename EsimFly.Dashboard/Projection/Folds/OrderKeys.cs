namespace EsimFly.Dashboard.Projection.Folds;

/// <summary>The keys of orders: by id where one is known, else by reference.</summary>
internal static class OrderKeys
{
    private const string IdPrefix = "id:";
    private const string ReferencePrefix = "ref:";

    /// <summary>The key of the order with that id.</summary>
    public static string OfId(string orderId) => IdPrefix + orderId;

    /// <summary>The key of the order of which no more than the reference is known.</summary>
    public static string OfReference(string orderReference) => ReferencePrefix + orderReference;

    /// <summary>The order id that the key is made of, or null.</summary>
    public static string? IdOf(string? orderKey) =>
        orderKey is not null && orderKey.StartsWith(IdPrefix, StringComparison.Ordinal) ? orderKey[IdPrefix.Length..] : null;

    /// <summary>The reference that the key is made of, or null.</summary>
    public static string? ReferenceOf(string? orderKey) =>
        orderKey is not null && orderKey.StartsWith(ReferencePrefix, StringComparison.Ordinal) ? orderKey[ReferencePrefix.Length..] : null;

    /// <summary>The id or reference that the key is made of.</summary>
    public static string NameOf(string orderKey) => IdOf(orderKey) ?? ReferenceOf(orderKey) ?? orderKey;
}
