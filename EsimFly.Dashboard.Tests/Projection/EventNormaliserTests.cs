using System.Text;
using CsCheck;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Projection;

public sealed class EventNormaliserTests
{
    public static TheoryData<string> AllSamples => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(AllSamples))]
    public void Normalise_EachSample_IsItsEvent(string sample)
    {
        var reported = Read(Samples.Read(sample)).Event;

        Assert.NotNull(reported);
        Assert.Equal(Samples.EventOf(sample), reported.Type.Name());
        Assert.NotNull(reported.OccurredAtMs);
    }

    [Fact]
    public void Normalise_OrderCompleted_GivesTheCodesApartFromTheFacts()
    {
        var reported = Read(Samples.Read("2025-11/order.completed")).Event!;

        Assert.Equal("LPA:1$...", Assert.Single(reported.Esims).Codes!.ActivationCode);
        Assert.DoesNotContain("LPA", reported.Facts.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Normalise_CodeInAFreeText_IsMaskedInTheFacts()
    {
        var body = Samples.With("2025-11/order.failed", data => data["error_message"] = "See LPA:1$rsp.example.com$SECRET-1 for it");

        Assert.DoesNotContain("SECRET-1", Read(body).Event!.Facts.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5.50")]
    [InlineData("\"5.50\"")]
    [InlineData("\" 5.50 \"")]
    public void Normalise_NumberAsAString_IsANumber(string amount)
    {
        var body = Text("order.created", $"{{\"order_id\":\"A\",\"amount\":{amount},\"quantity\":\"2\"}}");

        Assert.Equal((5.50m, 2m), (Read(body).Event!.Facts.Amount, Read(body).Event!.Facts.Quantity));
    }

    [Theory]
    [InlineData("""{"order_id":"A","amount":null,"quantity":null,"package_name":null,"unknown":{"x":[1]}}""")]
    [InlineData("""{"order_id":"A"}""")]
    [InlineData("""{"order_id":123456}""")]
    [InlineData("""{"order_reference":"R"}""")]
    public void Normalise_MissingNullOrUnknownFields_AreNoFault(string data) => Assert.NotNull(Read(Text("order.created", data)).Event);

    [Theory]
    [InlineData("esim.activated", """{"iccid":8901234567890123456}""")]
    [InlineData("esim.activated", """{"iccid":null}""")]
    [InlineData("esim.activated", """{}""")]
    [InlineData("order.created", """{}""")]
    [InlineData("order.created", """{"order_id":["A"]}""")]
    [InlineData("order.created", "null")]
    [InlineData("order.created", "[]")]
    [InlineData("order.paused", """{"order_id":"A"}""")]
    [InlineData("", """{"order_id":"A"}""")]
    [InlineData("order.created", """{"order_id":"A","order_id":"B"}""")]
    [InlineData("order.created", """{"order_id":"A","x":1,"x":1}""")]
    [InlineData("order.created", """{"order_id":"A","x":{"y":1,"\u0079":2}}""")]
    public void Normalise_WhatCannotBeUsed_IsAReasonInWords(string name, string data)
    {
        var (reported, reason) = Read(Text(name, data));

        Assert.Null(reported);
        Assert.EndsWith(".", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order.created", """{"order_id":"A","amount":"five"}""")]
    [InlineData("order.created", """{"order_id":"A","quantity":{"of":2}}""")]
    [InlineData("order.created", """{"order_id":"A","package_name":["P"]}""")]
    [InlineData("order.failed", """{"order_id":"A","can_retry":"perhaps"}""")]
    [InlineData("esim.expired", """{"iccid":"8944500102198304826","data_total":"Unlimited"}""")]
    [InlineData("order.completed", """{"order_id":"A","esims":[{"iccid":8901234567890123456}]}""")]
    [InlineData("esim.expired", """{"iccid":"8944500102198304826","expired_at":"in 30 days"}""")]
    [InlineData("topup.completed", """{"iccid":"8944500102198304826","new_expiry":[2026]}""")]
    [InlineData("esim.installed", """{"iccid":"8944500102198304826","eid":89049032123451234512345678901235}""")]
    public void Normalise_AFieldThatCannotBeRead_IsFlagged_AndTheEventApplied(string name, string data)
    {
        var reported = Read(Text(name, data)).Event;

        Assert.Equal(DeliveryFlags.UnreadableField, reported?.Flags);
    }

    [Theory]
    [InlineData("""{"order_id":"A","amount":"","package_name":null}""")]
    [InlineData("""{"order_id":"A","amount":"5.50","quantity":2}""")]
    public void Normalise_FieldsThatCanBeRead_AreNotFlagged(string data) =>
        Assert.Equal(DeliveryFlags.None, Read(Text("order.created", data)).Event!.Flags);

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{}")]
    public void Normalise_NotAnEnvelope_IsAReason(string body) => Assert.NotNull(Read(Encoding.UTF8.GetBytes(body)).Reason);

    [Fact]
    public void Normalise_TooDeep_IsAReason()
    {
        var body = Text("order.created", $"{{\"order_id\":\"A\",\"x\":{new string('[', 40)}{new string(']', 40)}}}");

        Assert.NotNull(Read(body).Reason);
    }

    [Fact]
    public void Normalise_LoneSurrogateInAName_IsStillAnEvent() =>
        Assert.NotNull(Read(Text("order.created", """{"order_id":"A","package_name":"x\ud800"}""")).Event);

    [Theory]
    [InlineData("\"in a while\"")]
    [InlineData("null")]
    public void Normalise_NoReadableTimestamp_IsFlagged(string timestamp)
    {
        var reported = Read(
            Encoding.UTF8.GetBytes($"{{\"event\":\"order.created\",\"timestamp\":{timestamp},\"data\":{{\"order_id\":\"A\"}}}}")
        ).Event!;

        Assert.Null(reported.OccurredAtMs);
        Assert.True(reported.Flags.HasFlag(DeliveryFlags.NoTimestamp));
    }

    [Fact]
    public void Normalise_DataInMegabytes_IsCountedInGigabytes()
    {
        var body = Samples.With("2025-11/esim.expired", data => data["data_total"] = 2048);

        Assert.Equal(2m, new EventNormaliser(DataUnit.MB).Normalise(body, ScannedBody.Of(body)).Event!.Facts.DataTotalGb);
    }

    private static readonly string[] Fragments = """
        { } [ ] , : " \uDFAA \ud83d \u0065 \n null true -1e400 0 é
        "event": "data": "order.created" "esims": "qr_code": "LPA:1$a.b$c" "iccid"
        """.Split([' ', '\n']);

    // Escapes, surrogates, brackets, quotes and the contract's own keys, put together in any order: what
    // senders and fuzzers make of JSON.
    private static readonly Gen<byte[]> AnyBytes = Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.Int[0, Fragments.Length - 1]
            .Select(index => Fragments[index])
            .Array[0, 40]
            .Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)))
    );

    [Fact]
    public void Normalise_AnyBytesWhatever_AreAnEventOrAReason() =>
        AnyBytes.Sample(
            body =>
            {
                var (reported, reason) = Read(body);
                return reported is null == reason is not null;
            },
            iter: 20_000
        );

    [Theory]
    [InlineData("""{"\uDFAA":0}""")]
    [InlineData("""{"\uDFAA":0,"event":"order.created","data":{"order_id":"A"}}""")]
    [InlineData("""{"event":"\uDFAA"}""")]
    public void Normalise_LoneSurrogateInAKeyOrTheEvent_IsNoFault(string body) =>
        Assert.NotEqual(Read(Encoding.UTF8.GetBytes(body)).Event is null, Read(Encoding.UTF8.GetBytes(body)).Reason is null);

    private static byte[] Text(string name, string data) =>
        Encoding.UTF8.GetBytes($"{{\"event\":\"{name}\",\"timestamp\":\"2025-01-16T10:30:00Z\",\"data\":{data}}}");

    private static (ParsedEvent? Event, string? Reason) Read(byte[] body) =>
        new EventNormaliser(DataUnit.GB).Normalise(body, ScannedBody.Of(body));
}
