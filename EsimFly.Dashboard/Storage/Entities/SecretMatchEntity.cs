namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>When a signing secret last verified a delivery.</summary>
internal sealed class SecretMatchEntity
{
    /// <summary>The secret's number; 0 is the one from the environment.</summary>
    public int SecretId { get; set; }

    /// <summary>When, Unix milliseconds, to a second.</summary>
    public long LastMatchedAtMs { get; set; }
}
