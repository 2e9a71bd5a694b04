using System.Text;
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
    [InlineData("order.completed", """{"order_id":"A","esims":[{"iccid":8901234567890123456}]}""")]
    [InlineData("esim.activated", """{"iccid":null}""")]
    [InlineData("esim.activated", """{}""")]
    [InlineData("order.created", """{}""")]
    [InlineData("order.created", """{"order_id":"A","amount":"five"}""")]
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

        Assert.Equal(2m, new EventNormaliser(DataUnit.MB).Normalise(body).Event!.Facts.DataTotalGb);
    }

    private static byte[] Text(string name, string data) =>
        Encoding.UTF8.GetBytes($"{{\"event\":\"{name}\",\"timestamp\":\"2025-01-16T10:30:00Z\",\"data\":{data}}}");

    private static (ParsedEvent? Event, string? Reason) Read(byte[] body) => new EventNormaliser(DataUnit.GB).Normalise(body);
}
