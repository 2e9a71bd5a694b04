namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>A link that lets its bearer in once: to set the installation up, to join, or to choose a new password.</summary>
internal sealed class OneTimeLinkEntity
{
    /// <summary>A sequence number; part of the link.</summary>
    public long Id { get; set; }

    /// <summary>What it is for.</summary>
    public OneTimeLinkPurpose Purpose { get; set; }

    /// <summary>SHA-256 of the link's secret, 32 bytes.</summary>
    public required byte[] SecretHash { get; set; }

    /// <summary>The account that it is for; null for set-up.</summary>
    public string? AccountId { get; set; }

    /// <summary>Until when it is good, Unix milliseconds.</summary>
    public long ExpiresAtMs { get; set; }

    /// <summary>How often a wrong secret was tried on it.</summary>
    public int WrongTries { get; set; }

    /// <summary>When it was used, Unix milliseconds.</summary>
    public long? UsedAtMs { get; set; }
}
