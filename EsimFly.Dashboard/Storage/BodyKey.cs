using System.Runtime.InteropServices;

namespace EsimFly.Dashboard.Storage;

/// <summary>Signed bytes of the live or of the test environment: the 32 bytes of their SHA-256, ready to be compared.</summary>
internal readonly record struct BodyKey(bool IsTest, ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>The key of a hash.</summary>
    public static BodyKey Of(bool isTest, ReadOnlySpan<byte> hash)
    {
        var parts = MemoryMarshal.Cast<byte, ulong>(hash);
        return new(isTest, parts[0], parts[1], parts[2], parts[3]);
    }
}
