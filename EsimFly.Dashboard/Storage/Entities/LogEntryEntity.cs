using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>One accepted request, in the order in which they were accepted. Appended, and never searched.</summary>
internal sealed class LogEntryEntity
{
    /// <summary>The sequence number. That of a body's first entry is the delivery's number, in addresses and in the API.</summary>
    public long Seq { get; set; }

    /// <summary>What the entry is.</summary>
    public LogEntryKind Kind { get; set; }

    /// <summary>True where the test secret signed it.</summary>
    public bool IsTest { get; set; }

    /// <summary>When the request came, Unix milliseconds.</summary>
    public long ReceivedAtMs { get; set; }

    /// <summary>SHA-256 of the signed bytes, 32 bytes.</summary>
    public required byte[] BodyHash { get; set; }

    /// <summary>The contract whose headers it had.</summary>
    public ContractVersion Contract { get; set; }

    /// <summary>The form of the body whose signature matched.</summary>
    public SignedForm SignedForm { get; set; }

    /// <summary>The signing secret that matched; 0 is the one from the environment.</summary>
    public int SecretId { get; set; }

    /// <summary>The sender's address.</summary>
    public string? Address { get; set; }

    /// <summary>What was odd about the request itself.</summary>
    public DeliveryFlags Flags { get; set; }

    /// <summary>The HTTP status that it was rejected with when it came, where it was verified only later; else null.</summary>
    public int? RejectedWith { get; set; }

    /// <summary>The first entry with the same signed bytes; null for the first itself.</summary>
    public long? FirstSeq { get; set; }

    /// <summary>Headers and body, sealed together: see <see cref="LogContent"/>.</summary>
    public required byte[] Sealed { get; set; }
}
