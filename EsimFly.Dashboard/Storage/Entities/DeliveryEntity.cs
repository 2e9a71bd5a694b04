using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>
/// One row for each distinct signed body. Its identity is the environment (test or live) and the hash of the signed bytes. Body and
/// headers are in the log alone.
/// </summary>
internal sealed class DeliveryEntity : IHasEnvironment
{
    /// <summary>The number of its first log entry: higher is later.</summary>
    public long Seq { get; set; }

    /// <summary>True where the test secret signed it.</summary>
    public bool IsTest { get; set; }

    /// <summary>SHA-256 of the signed bytes, 32 bytes; unique within its environment.</summary>
    public required byte[] BodyHash { get; set; }

    /// <summary>The id that the sender's headers gave on first arrival; unsigned, so a hint only.</summary>
    public string? DeliveryId { get; set; }

    /// <summary>The contract whose headers it has.</summary>
    public ContractVersion Contract { get; set; }

    /// <summary>The form of the body whose signature matched.</summary>
    public SignedForm SignedForm { get; set; }

    /// <summary>The signing secret that matched; 0 is the one from the environment.</summary>
    public int SecretId { get; set; }

    /// <summary>The body's own event name, or null where it has none.</summary>
    public string? EventName { get; set; }

    /// <summary>The body's length in bytes.</summary>
    public int BodyBytes { get; set; }

    /// <summary>When it first arrived, Unix milliseconds.</summary>
    public long ReceivedAtMs { get; set; }

    /// <summary>Where its processing stands.</summary>
    public DeliveryState State { get; set; }

    /// <summary>How often processing was tried.</summary>
    public int Tries { get; set; }

    /// <summary>Not before this is a failed one tried again, Unix milliseconds.</summary>
    public long NextTryAtMs { get; set; }

    /// <summary>When processing ended, Unix milliseconds.</summary>
    public long? ProcessedAtMs { get; set; }

    /// <summary>Why it is failed, dead or quarantined, in plain words.</summary>
    public string? Error { get; set; }

    /// <summary>What is odd about it.</summary>
    public DeliveryFlags Flags { get; set; }

    /// <summary>How many requests brought it: retries and repetitions counted.</summary>
    public int Arrivals { get; set; }

    /// <summary>Those of them that were counted and not logged: see <see cref="RepeatCountEntity"/>.</summary>
    public int Counted { get; set; }
}
