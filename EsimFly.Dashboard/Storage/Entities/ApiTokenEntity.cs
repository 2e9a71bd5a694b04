namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>A token with which another program reads. Its text is shown once and not kept.</summary>
internal sealed class ApiTokenEntity
{
    /// <summary>A sequence number.</summary>
    public int Id { get; set; }

    /// <summary>What people call it.</summary>
    public required string Name { get; set; }

    /// <summary>The public part of the token, by which it is found.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of the whole token, 32 bytes.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>Who made it, as they were called then.</summary>
    public required string CreatedBy { get; set; }

    /// <summary>When it was made, Unix milliseconds.</summary>
    public long CreatedAtMs { get; set; }

    /// <summary>When it was last used, Unix milliseconds, to some minutes.</summary>
    public long? LastUsedAtMs { get; set; }

    /// <summary>What it is good for.</summary>
    public ApiScopes Scopes { get; set; } = ApiScopes.All;

    /// <summary>When it ends by itself, Unix milliseconds; null for never.</summary>
    public long? ExpiresAtMs { get; set; }

    /// <summary>When it was revoked, Unix milliseconds; null while it is good.</summary>
    public long? RevokedAtMs { get; set; }
}
