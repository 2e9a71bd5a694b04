namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>The customer of an order, as the shop reports it. Found by order, e-mail address or the shop's own number.</summary>
internal sealed class CustomerEntity
{
    /// <summary>True for test data.</summary>
    public bool IsTest { get; set; }

    /// <summary>The order's id or reference that the shop named, as <see cref="SearchKey"/> normalises it.</summary>
    public required string OrderSearch { get; set; }

    /// <summary>The same as the shop wrote it.</summary>
    public required string OrderName { get; set; }

    /// <summary>Name, e-mail address, shop order and language, sealed as JSON.</summary>
    public required byte[] Sealed { get; set; }

    /// <summary>HMAC-SHA-256 of the e-mail address in lower case; null where there is none.</summary>
    public byte[]? EmailHash { get; set; }

    /// <summary>HMAC-SHA-256 of the shop's order number, normalised; null where there is none.</summary>
    public byte[]? ShopOrderHash { get; set; }

    /// <summary>When it was last reported, Unix milliseconds.</summary>
    public long ChangedAtMs { get; set; }
}
