using System.Text;

namespace EsimFly.Dashboard.Contract;

/// <summary>A secret that deliveries are signed with, shared with eSIMfly, or with the Simulator for test data.</summary>
internal sealed class SigningSecret
{
    /// <summary>The number of the secret that the environment gave.</summary>
    public const int FromEnvironment = 0;

    private readonly byte[] key;

    /// <summary>Makes a secret of its text, used as it was copied (with <c>whsec_</c>, where it has that).</summary>
    /// <exception cref="ArgumentException">The text is empty: an empty key would let anyone sign.</exception>
    public SigningSecret(int id, string label, bool isTest, string text)
        : this(id, label, isTest, Encoding.UTF8.GetBytes(text.Trim())) { }

    /// <summary>Makes a secret of its HMAC key.</summary>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public SigningSecret(int id, string label, bool isTest, byte[] key)
    {
        if (key.Length == 0)
        {
            throw new ArgumentException("A signing secret must not be empty.", nameof(key));
        }

        Id = id;
        Label = label;
        IsTest = isTest;
        this.key = key;
    }

    /// <summary>Its number, as deliveries record it.</summary>
    public int Id { get; }

    /// <summary>What people call it.</summary>
    public string Label { get; }

    /// <summary>Whether what it signs is test data.</summary>
    public bool IsTest { get; }

    /// <summary>From when on it no longer verifies, Unix milliseconds; null for never.</summary>
    public long? ExpiresAtMs { get; init; }

    /// <summary>The HMAC key.</summary>
    public ReadOnlySpan<byte> Key => key;

    /// <inheritdoc/>
    public override string ToString() => $"{Label} (secret {Id})";
}
