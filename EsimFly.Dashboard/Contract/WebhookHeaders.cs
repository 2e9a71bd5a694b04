namespace EsimFly.Dashboard.Contract;

/// <summary>The request headers of both contracts. Only the body is signed: what these say is a hint, never a proof.</summary>
internal static class WebhookHeaders
{
    /// <summary>2025-11: 64 hexadecimal digits.</summary>
    public const string Signature202511 = "X-eSIMfly-Signature";

    /// <summary>2025-11: the event's name.</summary>
    public const string Event202511 = "X-eSIMfly-Event";

    /// <summary>2025-11: the delivery's id, a UUID that retries keep.</summary>
    public const string DeliveryId202511 = "X-eSIMfly-Delivery-ID";

    /// <summary>2026-04: <c>sha256=</c> and 64 hexadecimal digits, over the raw body.</summary>
    public const string Signature202604 = "X-Webhook-Signature";

    /// <summary>2026-04: the event's name.</summary>
    public const string Event202604 = "X-Webhook-Event";

    /// <summary>2026-04: the delivery's id.</summary>
    public const string DeliveryId202604 = "X-Webhook-Id";

    /// <summary>2026-04: when the request was sent.</summary>
    public const string Timestamp202604 = "X-Webhook-Timestamp";

    /// <summary>The header that names the event under <paramref name="version"/>.</summary>
    public static string Event(ContractVersion version) => version == ContractVersion.V2026_04 ? Event202604 : Event202511;

    /// <summary>The header that holds the delivery id under <paramref name="version"/>.</summary>
    public static string DeliveryId(ContractVersion version) => version == ContractVersion.V2026_04 ? DeliveryId202604 : DeliveryId202511;
}
