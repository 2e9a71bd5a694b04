using System.Security.Cryptography;
using EsimFly.Dashboard.Storage.Sealing;

namespace EsimFly.Dashboard.Tests.Storage;

public sealed class SealerTests
{
    private static readonly byte[] Value = "LPA:1$rsp.example.com$CODE"u8.ToArray();

    [Fact]
    public void Open_WhatWasSealed_IsTheSame()
    {
        using var sealer = New(1);

        Assert.Equal(Value, sealer.Open(sealer.Seal(Value, SealPurpose.Codes), SealPurpose.Codes));
    }

    [Fact]
    public void Seal_Twice_LooksDifferentAndHidesTheValue()
    {
        using var sealer = New(1);
        var (first, second) = (sealer.Seal(Value, SealPurpose.Codes), sealer.Seal(Value, SealPurpose.Codes));

        Assert.NotEqual(first, second);
        Assert.Equal(-1, first.AsSpan().IndexOf("CODE"u8));
    }

    [Fact]
    public void Open_AnyByteChanged_IsRefused()
    {
        using var sealer = New(1);
        var sealedValue = sealer.Seal(Value, SealPurpose.Body);
        for (var i = 0; i < sealedValue.Length; i++)
        {
            var changed = (byte[])sealedValue.Clone();
            changed[i] ^= 1;

            Assert.ThrowsAny<CryptographicException>(() => sealer.Open(changed, SealPurpose.Body));
        }
    }

    [Fact]
    public void Open_AsAnotherPurpose_IsRefused()
    {
        using var sealer = New(1);

        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(sealer.Seal(Value, SealPurpose.Body), SealPurpose.Codes));
    }

    [Fact]
    public void Open_AfterRotation_StillOpensAndSealsWithTheNewKey()
    {
        var keys = new Dictionary<int, byte[]> { [1] = RandomNumberGenerator.GetBytes(32) };
        using var before = new Sealer(keys);
        var old = before.Seal(Value, SealPurpose.Body);
        using var after = new Sealer(new Dictionary<int, byte[]>(keys) { [2] = RandomNumberGenerator.GetBytes(32) });

        Assert.Equal(Value, after.Open(old, SealPurpose.Body));
        Assert.ThrowsAny<CryptographicException>(() => before.Open(after.Seal(Value, SealPurpose.Body), SealPurpose.Body));
    }

    [Fact]
    public void Seal_FromManyThreads_IsSafe()
    {
        using var sealer = New(1);

        Parallel.For(0, 20_000, _ => Assert.Equal(Value, sealer.Open(sealer.Seal(Value, SealPurpose.Body), SealPurpose.Body)));
    }

    [Fact]
    public void Open_ForgedValues_LeavesNoCipherBehind()
    {
        using var sealer = New(1);
        var sealedValue = sealer.Seal(Value, SealPurpose.Body);
        sealedValue[^1] ^= 1;

        for (var i = 0; i < 1000; i++)
        {
            Assert.ThrowsAny<CryptographicException>(() => sealer.Open(sealedValue, SealPurpose.Body));
        }

        Assert.InRange(sealer.Living, 0, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(110)]
    [InlineData(111)]
    [InlineData(12_000_000)] // as long as a name in a file can be
    public void Seal_BoundToSomethingOfAnyLength_OpensInItsPlaceAlone(int length)
    {
        using var sealer = New(1);
        var place = new byte[length];
        var sealedValue = sealer.Seal(Value, SealPurpose.Customer, place);

        Assert.Equal(Value, sealer.Open(sealedValue, SealPurpose.Customer, place));
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(sealedValue, SealPurpose.Customer, [.. place, 1]));
    }

    private static Sealer New(int keyId) => new(new Dictionary<int, byte[]> { [keyId] = RandomNumberGenerator.GetBytes(32) });
}
