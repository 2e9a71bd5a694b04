namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>A key that seals values, itself wrapped by Data Protection.</summary>
internal sealed class DataKeyEntity
{
    /// <summary>The number that each sealed value has.</summary>
    public int Id { get; set; }

    /// <summary>The key, wrapped.</summary>
    public required byte[] WrappedKey { get; set; }

    /// <summary>When it was made, Unix milliseconds.</summary>
    public long CreatedAtMs { get; set; }
}
