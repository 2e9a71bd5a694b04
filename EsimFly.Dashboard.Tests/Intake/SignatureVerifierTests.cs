using System.Buffers;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EsimFly.Dashboard.Tests.Intake;

public sealed class SignatureVerifierTests
{
    private static readonly SignedForm[] AllForms = [SignedForm.RawBody, SignedForm.JsonStringify, SignedForm.JsonDumps];

    public static TheoryData<string> AllSamples => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(AllSamples))]
    public void Verify_EachSampleInEachSignedForm_IsVerifiedWithThatForm(string sample)
    {
        var body = Samples.Read(sample);
        foreach (var form in AllForms)
        {
            var signed = new ArrayBufferWriter<byte>();
            Assert.True(SignedBytes.TryWrite(form, body, signed));

            var verdict = Verify(body, Signing.Hmac(Signing.Secret, signed.WrittenSpan), AllForms);

            Assert.Equal(SignatureCheck.Verified, verdict.Check);
            Assert.Equal(signed.WrittenSpan, verdict.SignedBytes.Span);
            var isTheSameAsRaw = signed.WrittenSpan.SequenceEqual(body);
            Assert.Equal(isTheSameAsRaw ? SignedForm.RawBody : form, verdict.Form);
        }
    }

    [Theory]
    [InlineData(SignedForm.RawBody, "9d66edb00dcea733733b5cd0c7c9783ac0f06fc6e02cabf0497be6b9d78e3b87")]
    [InlineData(SignedForm.JsonStringify, "72a8dc81a3f8d17589cd91f17a4d6ca7a8d31c1481de6b68f46ac0e92c70744a")]
    [InlineData(SignedForm.JsonDumps, "33b4f3d7e49c7f2c90925ffb05f3b5400da06e5f1392ef8a775091b999950188")]
    internal void Verify_ThePublishedSampleWithoutItsNewline_HasTheseSignatures(SignedForm form, string signature)
    {
        var body = Samples.Read("2025-11/order.created")[..^1];

        var verdict = Verify(body, signature, AllForms);

        Assert.Equal((SignatureCheck.Verified, form), (verdict.Check, verdict.Form));
    }

    // RFC 4231, section 4: all its test cases but 5, which truncates its output.
    [Theory]
    [InlineData("0b*20", "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData(
        "4a656665",
        "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )]
    [InlineData("aa*20", "dd*50", "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")]
    [InlineData(
        "0102030405060708090a0b0c0d0e0f10111213141516171819",
        "cd*50",
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    )]
    [InlineData(
        "aa*131",
        "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    )]
    [InlineData(
        "aa*131",
        "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e64"
            + "2061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320"
            + "746f20626520686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    )]
    public void Verify_VectorsOfRfc4231_AreMet(string key, string data, string signature)
    {
        var secret = new SigningSecret(1, "vector", isTest: false, Bytes(key));

        Assert.Equal(SignatureCheck.Verified, Verify(Bytes(data), signature, AllForms, [secret]).Check);

        static byte[] Bytes(string hex) =>
            hex.Split('*') is [var one, var times]
                ? [.. Enumerable.Repeat(Convert.FromHexString(one)[0], int.Parse(times, System.Globalization.CultureInfo.InvariantCulture))]
                : Convert.FromHexString(hex);
    }

    [Fact]
    public void Verify_ContractOf202604_TriesTheRawBodyAlone()
    {
        var body = Samples.Read("2026-04/esim.installed");
        var signed = new ArrayBufferWriter<byte>();
        SignedBytes.TryWrite(SignedForm.JsonDumps, body, signed);
        var claimed = ClaimedSignature.Read("sha256=" + Signing.Hmac(Signing.Secret, signed.WrittenSpan), ContractVersion.V2026_04);

        Assert.Equal(SignatureCheck.Mismatch, SignatureVerifier.Verify(body, claimed, AllForms, [Secret()]).Check);
    }

    [Fact]
    public void Verify_FormThatIsSwitchedOff_DoesNotMatch()
    {
        var body = Samples.Read("2025-11/order.created");
        var signed = new ArrayBufferWriter<byte>();
        SignedBytes.TryWrite(SignedForm.JsonDumps, body, signed);
        var signature = Signing.Hmac(Signing.Secret, signed.WrittenSpan);

        Assert.Equal(SignatureCheck.Mismatch, Verify(body, signature, [SignedForm.RawBody, SignedForm.JsonStringify]).Check);
        Assert.Equal(SignatureCheck.Verified, Verify(body, signature, AllForms).Check);
    }

    [Fact]
    public void Verify_OneBitOff_IsAMismatch()
    {
        var body = Samples.Read("2025-11/order.created");
        var signature = Convert.FromHexString(Signing.Hmac(Signing.Secret, body));
        for (var bit = 0; bit < 256; bit++)
        {
            var tampered = (byte[])signature.Clone();
            tampered[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Equal(SignatureCheck.Mismatch, Verify(body, Convert.ToHexString(tampered), AllForms).Check);
        }
    }

    [Fact]
    public void Verify_SeveralSecrets_SaysWhichOneMatched()
    {
        var body = Samples.Read("2025-11/order.created");
        SigningSecret[] secrets = [new(1, "old", false, "old"), new(2, "new", false, "new"), new(3, "test", true, "test")];

        Assert.Equal(2, Verify(body, Signing.Hmac("new", body), AllForms, secrets).Secret!.Id);
        Assert.True(Verify(body, Signing.Hmac("test", body), AllForms, secrets).Secret!.IsTest);
    }

    [Fact]
    public void Verify_NoRealSecret_SaysSoAndStillKnowsTheTestOne()
    {
        var body = Samples.Read("2025-11/order.created");
        SigningSecret[] secrets = [new(3, "test", true, "test")];

        Assert.Equal(SignatureCheck.NoSecret, Verify(body, Signing.Hmac("x", body), AllForms, secrets).Check);
        Assert.Equal(SignatureCheck.Verified, Verify(body, Signing.Hmac("test", body), AllForms, secrets).Check);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void SigningSecret_Empty_IsRefused(string text) =>
        Assert.Throws<ArgumentException>(() => new SigningSecret(1, "x", false, text));

    [Theory]
    [InlineData("test_signature")]
    [InlineData("3f5b8c7a9e1d2f4b6c8a0e3d5f7b9c1a3e5d7f9b")]
    [InlineData("sha1=9d66edb00dcea733733b5cd0c7c9783ac0f06fc6e02cabf0497be6b9d78e3b87")]
    [InlineData("9d66edb00dcea733733b5cd0c7c9783ac0f06fc6e02cabf0497be6b9d78e3b8g")]
    [InlineData("9d66edb00dcea733733b5cd0c7c9783ac0f06fc6e02cabf0497be6b9d78e3b8")]
    [InlineData("9d66edb00dcea733733b5cd0c7c9783ac0f06fc6e02cabf0497be6b9d78e3b8700")]
    [InlineData("sha256=")]
    [InlineData("ａ９66edb00dcea733733b5cd0c7c9783ac0f06fc6e02cabf0497be6b9d78e3b87")]
    public void Read_NotSixtyFourHexDigits_IsMalformed(string value) =>
        Assert.Equal(SignatureCheck.Malformed, ClaimedSignature.Read(value, ContractVersion.V2025_11).Check);

    [Theory]
    [InlineData("9d66edb00dcea733733b5cd0c7c9783ac0f06fc6e02cabf0497be6b9d78e3b87")]
    [InlineData("9D66EDB00DCEA733733B5CD0C7C9783AC0F06FC6E02CABF0497BE6B9D78E3B87")]
    [InlineData("sha256=9d66edb00dcea733733b5cd0c7c9783ac0f06fc6e02cabf0497be6b9d78e3b87")]
    [InlineData("SHA256=9D66edb00dcea733733b5cd0c7c9783ac0f06fc6e02cabf0497be6b9d78e3b87")]
    public void Read_EitherCaseWithOrWithoutPrefix_IsRead(string value) =>
        Assert.Equal(SignatureCheck.Verified, ClaimedSignature.Read(value, ContractVersion.V2025_11).Check);

    [Fact]
    public void Read_Headers_TellMissingTwiceAndBothApart()
    {
        Assert.Equal(SignatureCheck.Missing, ClaimedSignature.Read(new HeaderDictionary()).Check);
        Assert.Equal(SignatureCheck.Missing, ClaimedSignature.Read(new HeaderDictionary { ["X-eSIMfly-Signature"] = "" }).Check);
        Assert.Equal(
            SignatureCheck.GivenTwice,
            ClaimedSignature.Read(new HeaderDictionary { ["X-eSIMfly-Signature"] = new StringValues(["a", "b"]) }).Check
        );
        Assert.Equal(
            SignatureCheck.BothContracts,
            ClaimedSignature.Read(new HeaderDictionary { ["X-eSIMfly-Signature"] = "a", ["X-Webhook-Signature"] = "b" }).Check
        );
    }

    private static SigningSecret Secret() => new(1, "test", isTest: false, Signing.Secret);

    private static SignatureVerdict Verify(byte[] body, string signature, SignedForm[] forms, SigningSecret[]? secrets = null) =>
        SignatureVerifier.Verify(body, ClaimedSignature.Read(signature, ContractVersion.V2025_11), forms, secrets ?? [Secret()]);
}
