using EsimFly.Dashboard.Storage.Moving;

namespace EsimFly.Dashboard.Tests.Storage.Moving;

/// <summary>Equal rows have equal digests, others do not.</summary>
public sealed class RowDigestTests
{
    private static readonly MovedColumn[] Columns =
    [
        new("a", MovedKind.Text),
        new("b", MovedKind.Text),
        new("c", MovedKind.Amount),
        new("d", MovedKind.Json),
        new("e", MovedKind.Bytes),
    ];

    [Fact]
    public void TheSame_InAnotherForm_IsTheSame() =>
        Assert.Equal(
            Of("x", null, 1.50m, """{"b":[1.0,{"z":null,"y":true}],"a":"ä"}""", Array.Empty<byte>()),
            Of("x", null, 1.5m, """{ "a": "\u00e4", "b": [1, {"y": true, "z": null}] }""", Array.Empty<byte>())
        );

    [Fact]
    public void Another_IsAnother()
    {
        TableDigest[] all =
        [
            Of("x", "y", 1m, "{}", Array.Empty<byte>()),
            Of("xy", "", 1m, "{}", Array.Empty<byte>()),
            Of("x", null, 1m, "{}", Array.Empty<byte>()),
            Of("x", "", 1m, "{}", Array.Empty<byte>()),
            Of("x", "", 1m, "{}", null),
            Of("x", "", 0.1m, "{}", null),
            Of("x", "", 0.1m, "[]", null),
        ];

        Assert.Equal(all.Length, all.Distinct().Count());
    }

    private static TableDigest Of(params object?[] row)
    {
        using var digest = new RowDigest();
        digest.Add(Columns, row);
        return digest.Result;
    }
}
