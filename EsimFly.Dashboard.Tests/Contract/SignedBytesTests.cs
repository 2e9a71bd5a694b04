using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Contract;

public sealed class SignedBytesTests
{
    [Fact]
    public void TryWrite_VectorsOfRealNodeAndPython_AreMetByteForByte()
    {
        var count = 0;
        foreach (var line in File.ReadLines(Samples.PathOf("printers/vectors.jsonl")))
        {
            using var vector = JsonDocument.Parse(line);
            var json = vector.RootElement.GetProperty("json").GetBytesFromBase64();
            var python = vector.RootElement.GetProperty("py");

            Assert.Equal(
                Encoding.UTF8.GetString(vector.RootElement.GetProperty("js").GetBytesFromBase64()),
                Print(SignedForm.JsonStringify, json)
            );
            Assert.Equal(
                python.ValueKind == JsonValueKind.Null ? null : Encoding.UTF8.GetString(python.GetBytesFromBase64()),
                Print(SignedForm.JsonDumps, json)
            );
            count++;
        }

        Assert.Equal(1517, count);
    }

    [Theory]
    [InlineData(SignedForm.JsonStringify)]
    [InlineData(SignedForm.JsonDumps)]
    internal void TryWrite_WhatItPrinted_PrintsTheSameAgain(SignedForm form)
    {
        var texts = File.ReadLines(Samples.PathOf("printers/vectors.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("json").GetBytesFromBase64())
            .ToArray();

        Gen.OneOf(texts)
            .Array[1, 5]
            .Sample(
                parts =>
                {
                    var array = Encoding.UTF8.GetBytes($"[{string.Join(" , ", parts.Select(part => Encoding.UTF8.GetString(part)))}]");
                    var once = Print(form, array);
                    return once is null
                        || once.Contains("Infinity", StringComparison.Ordinal)
                        || string.Equals(once, Print(form, Encoding.UTF8.GetBytes(once)), StringComparison.Ordinal);
                },
                iter: 2000
            );
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{'a':1}")]
    [InlineData("[1,]")]
    [InlineData("NaN")]
    [InlineData("\"\n\"")]
    public void TryWrite_NotJson_HasNoPrintedForm(string text)
    {
        Assert.Null(Print(SignedForm.JsonStringify, Encoding.UTF8.GetBytes(text)));
        Assert.Null(Print(SignedForm.JsonDumps, Encoding.UTF8.GetBytes(text)));
        Assert.Equal(text, Print(SignedForm.RawBody, Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void TryWrite_InvalidUtf8_HasNoPrintedForm() => Assert.Null(Print(SignedForm.JsonStringify, [(byte)'"', 0xC3, 0x28, (byte)'"']));

    [Fact]
    public void TryWrite_ByteOrderMark_IsLeftOut() =>
        Assert.Equal("[1]", Print(SignedForm.JsonStringify, [0xEF, 0xBB, 0xBF, (byte)'[', (byte)'1', (byte)']']));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void TryWrite_Nesting_IsBounded(int depth, bool isPrinted)
    {
        var json = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));

        Assert.Equal(isPrinted, Print(SignedForm.JsonStringify, json) is not null);
    }

    private static string? Print(SignedForm form, byte[] json)
    {
        var output = new ArrayBufferWriter<byte>();
        return SignedBytes.TryWrite(form, json, output) ? Encoding.UTF8.GetString(output.WrittenSpan) : null;
    }
}
