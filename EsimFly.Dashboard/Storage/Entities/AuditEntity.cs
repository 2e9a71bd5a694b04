namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>
/// Something that a person or the program did and that others may ask about. Rows are added, never changed: the database refuses it.
/// </summary>
internal sealed class AuditEntity
{
    /// <summary>A sequence number: higher is later.</summary>
    public long Id { get; set; }

    /// <summary>When, Unix milliseconds.</summary>
    public long AtMs { get; set; }

    /// <summary>The account that did it; null where none did.</summary>
    public string? AccountId { get; set; }

    /// <summary>Who did it: an e-mail address, or words for who has none.</summary>
    public required string Actor { get; set; }

    /// <summary>What was done, such as <c>code.revealed</c>.</summary>
    public required string Action { get; set; }

    /// <summary>To what, such as an ICCID.</summary>
    public string? Subject { get; set; }

    /// <summary>More about it, in words; never a secret or a code.</summary>
    public string? Detail { get; set; }

    /// <summary>The address that the request came from, where there was one.</summary>
    public string? Address { get; set; }
}
