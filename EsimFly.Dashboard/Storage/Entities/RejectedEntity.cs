namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>A request that did not become a delivery. A ring: the oldest go as new ones come.</summary>
internal sealed class RejectedEntity
{
    /// <summary>A sequence number.</summary>
    public long Id { get; set; }

    /// <summary>When it came, Unix milliseconds.</summary>
    public long ReceivedAtMs { get; set; }

    /// <summary>
    /// True where the test secret signed it, or the Simulator's proof marks it as the Simulator's own: a failure that was rehearsed.
    /// </summary>
    public bool IsTest { get; set; }

    /// <summary>
    /// Whether a known secret had signed it: only then is it a delivery that failed; everything else may be anybody's.
    /// </summary>
    public bool IsSigned { get; set; }

    /// <summary>What the sender counts as: its IPv4 address or IPv6 /64.</summary>
    public string? Sender { get; set; }

    /// <summary>The HTTP status that it was answered with; 0 where the connection was dropped without an answer.</summary>
    public int Status { get; set; }

    /// <summary>Why, as a short code such as <c>signature_mismatch</c>.</summary>
    public required string Reason { get; set; }

    /// <summary>The sender's address.</summary>
    public string? Address { get; set; }

    /// <summary>The delivery id that it claimed.</summary>
    public string? DeliveryId { get; set; }

    /// <summary>The request's headers as a JSON object, the signature shortened.</summary>
    public required string Headers { get; set; }

    /// <summary>
    /// The signature header's name and value and the body, sealed together, so that it can be verified again; null where the body was not
    /// read.
    /// </summary>
    public byte[]? SealedRequest { get; set; }

    /// <summary>The body with every code masked; null where it is not JSON or was not read.</summary>
    public string? SafeBody { get; set; }

    /// <summary>What the row weighs in bytes, towards the ring's limit.</summary>
    public int Bytes { get; set; }

    /// <summary>How many like it were not kept since the row before, because they came too fast.</summary>
    public int Suppressed { get; set; }
}
