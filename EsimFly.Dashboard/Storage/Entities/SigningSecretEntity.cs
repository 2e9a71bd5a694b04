namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>A signing secret that the installation keeps itself.</summary>
internal sealed class SigningSecretEntity
{
    /// <summary>Its number, from 1; 0 is the one from the environment.</summary>
    public int Id { get; set; }

    /// <summary>What people call it.</summary>
    public required string Label { get; set; }

    /// <summary>True for the one that signs the Simulator's deliveries.</summary>
    public bool IsTest { get; set; }

    /// <summary>The secret, sealed.</summary>
    public required byte[] SealedSecret { get; set; }

    /// <summary>When it was added, Unix milliseconds.</summary>
    public long CreatedAtMs { get; set; }

    /// <summary>From when on it no longer verifies, Unix milliseconds.</summary>
    public long? ExpiresAtMs { get; set; }
}
