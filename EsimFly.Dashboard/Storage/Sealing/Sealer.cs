using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace EsimFly.Dashboard.Storage.Sealing;

/// <summary>
/// Seals values with AES-256-GCM (NIST SP 800-38D). A sealed value is: format (1 byte), number of the data key (4, big
/// endian), nonce (12, random), tag (16), ciphertext. Format, key number, purpose and what it belongs to are authenticated with it.
/// </summary>
/// <param name="given">The data keys by number, each 32 bytes; the highest seals, all of them open.</param>
internal sealed class Sealer(IReadOnlyDictionary<int, byte[]> given) : IDisposable
{
    private const int OnStackAtMost = 128;

    private const byte Format = 1;
    private const int KeyIdAt = 1;
    private const int NonceAt = KeyIdAt + sizeof(int);
    private const int TagAt = NonceAt + 12;
    private const int CiphertextAt = TagAt + 16;

    private readonly ConcurrentDictionary<int, byte[]> keys = new(given);
    private readonly byte[] hashKey = HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        given[given.Keys.Min()],
        outputLength: 32,
        info: "EsimFly.Dashboard.KeyedHash.v1"u8.ToArray()
    );

    private int living;
    private volatile int currentKey = given.Keys.Max();

    // An AesGcm is not safe for use by two threads at once, and making one costs more than sealing.
    private readonly ConcurrentDictionary<int, ConcurrentBag<AesGcm>> idle = new();

    /// <summary>Finds a key that another instance has made meanwhile; null where there is none of that number.</summary>
    public Func<int, byte[]?> Find { get; set; } = static _ => null;

    /// <summary>How many ciphers there are, in use or idle: as many as threads have sealed at once.</summary>
    internal int Living => Volatile.Read(ref living);

    /// <summary>The number of the key that seals.</summary>
    public int CurrentKey => currentKey;

    /// <summary>Seals with another key from now on; the earlier ones go on opening what they sealed.</summary>
    public void Add(int number, byte[] key)
    {
        keys[number] = key;
        currentKey = Math.Max(currentKey, number);
    }

    /// <summary>Seals <paramref name="value"/> under the current data key.</summary>
    /// <param name="value">What to seal.</param>
    /// <param name="purpose">What it is.</param>
    /// <param name="boundTo">
    /// What it belongs to, so that it cannot be opened in the place of another; empty for nothing.
    /// </param>
    public byte[] Seal(ReadOnlySpan<byte> value, SealPurpose purpose, ReadOnlySpan<byte> boundTo = default)
    {
        var sealing = currentKey;
        var sealedValue = new byte[CiphertextAt + value.Length];
        sealedValue[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(sealedValue.AsSpan(KeyIdAt), sealing);
        RandomNumberGenerator.Fill(sealedValue.AsSpan(NonceAt, TagAt - NonceAt));
        var length = NonceAt + 1 + boundTo.Length;
        Span<byte> associated = length <= OnStackAtMost ? stackalloc byte[OnStackAtMost] : new byte[length];
        associated = associated[..length];
        Associate(sealedValue, purpose, boundTo, associated);

        var aes = Rent(sealing);
        var isDone = false;
        try
        {
            aes.Encrypt(
                sealedValue.AsSpan(NonceAt, TagAt - NonceAt),
                value,
                sealedValue.AsSpan(CiphertextAt),
                sealedValue.AsSpan(TagAt, CiphertextAt - TagAt),
                associated
            );
            isDone = true;
        }
        finally
        {
            GiveBack(sealing, aes, isDone);
        }

        return sealedValue;
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="CryptographicException">It was changed, is of another purpose, or its key is not here.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedValue, SealPurpose purpose, ReadOnlySpan<byte> boundTo = default)
    {
        if (sealedValue.Length < CiphertextAt || sealedValue[0] != Format)
        {
            throw new CryptographicException("The value is not a sealed one.");
        }

        var keyId = BinaryPrimitives.ReadInt32BigEndian(sealedValue[KeyIdAt..]);
        if (!keys.ContainsKey(keyId) && Find(keyId) is { } made)
        {
            Add(keyId, made);
        }

        if (!keys.ContainsKey(keyId))
        {
            throw new CryptographicException("The key that sealed the value is not here.");
        }

        var length = NonceAt + 1 + boundTo.Length;
        Span<byte> associated = length <= OnStackAtMost ? stackalloc byte[OnStackAtMost] : new byte[length];
        associated = associated[..length];
        Associate(sealedValue, purpose, boundTo, associated);
        var value = new byte[sealedValue.Length - CiphertextAt];
        var aes = Rent(keyId);
        var isDone = false;
        try
        {
            aes.Decrypt(sealedValue[NonceAt..TagAt], sealedValue[CiphertextAt..], sealedValue[TagAt..CiphertextAt], value, associated);
            isDone = true;
        }
        finally
        {
            GiveBack(keyId, aes, isDone);
        }

        return value;
    }

    /// <summary>
    /// A hash of a text that nobody can make who has not the installation's first data key, which every backup has, too (HMAC-SHA-256
    /// under a key derived by HKDF, RFC 5869).
    /// </summary>
    public byte[] KeyedHash(string text) => HMACSHA256.HashData(hashKey, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var aes in idle.Values.SelectMany(bag => bag))
        {
            aes.Dispose();
        }
    }

    private static void Associate(ReadOnlySpan<byte> sealedValue, SealPurpose purpose, ReadOnlySpan<byte> boundTo, Span<byte> associated)
    {
        sealedValue[..NonceAt].CopyTo(associated);
        associated[NonceAt] = (byte)purpose;
        boundTo.CopyTo(associated[(NonceAt + 1)..]);
    }

    private AesGcm Rent(int keyId)
    {
        if (idle.TryGetValue(keyId, out var bag) && bag.TryTake(out var aes))
        {
            return aes;
        }

        Interlocked.Increment(ref living);
        return new AesGcm(keys[keyId], CiphertextAt - TagAt);
    }

    // One that has failed is not used again: its state is not worth knowing.
    private void GiveBack(int keyId, AesGcm aes, bool isDone)
    {
        if (isDone)
        {
            idle.GetOrAdd(keyId, static _ => []).Add(aes);
        }
        else
        {
            Interlocked.Decrement(ref living);
            aes.Dispose();
        }
    }
}
