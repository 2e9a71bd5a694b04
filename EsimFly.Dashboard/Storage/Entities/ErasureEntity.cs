namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>
/// A name that was erased, as a keyed hash: an eSIM, or one of an order's names. What arrives under it later is not kept, whether it is a
/// late retry or part of a backup that was restored.
/// </summary>
internal sealed class ErasureEntity
{
    /// <summary>HMAC-SHA-256 of the name, 32 bytes.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>When it was erased, Unix milliseconds.</summary>
    public long ErasedAtMs { get; set; }

    /// <summary>Whether both stores have been gone through since.</summary>
    public bool IsDone { get; set; }
}
