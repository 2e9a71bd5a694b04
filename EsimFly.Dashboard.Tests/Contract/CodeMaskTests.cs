using System.Text;
using System.Text.Json;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Contract;

public sealed class CodeMaskTests
{
    private const string Canary = "CANARY-7Q2X-9981";

    [Theory]
    [InlineData("""{"qr_code":"LPA:1$rsp.example.com$CANARY-7Q2X-9981"}""")]
    [InlineData("""{"data":{"esims":[{"activation_code":"CANARY-7Q2X-9981"}]}}""")]
    [InlineData("""{"anything":"LPA:1$rsp.example.com$CANARY-7Q2X-9981$1.2.3$1"}""")]
    [InlineData("""{"note":"scan lpa:1$rsp.example.com$CANARY-7Q2X-9981 now"}""")]
    [InlineData("""{"x":"LPA\u003a1\u0024rsp.example.com\u0024CANARY-7Q2X-9981"}""")]
    [InlineData("""{"url":"https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA%3A1%24rsp.example.com%24CANARY-7Q2X-9981"}""")]
    [InlineData("""{"direct_android_install_url":"https://android.esim.me?url=CANARY-7Q2X-9981"}""")]
    [InlineData("""{"qr_code_url":"https://cdn.example.com/CANARY-7Q2X-9981.png"}""")]
    [InlineData("""{"picture":"data:image/png;base64,CANARY-7Q2X-9981"}""")]
    [InlineData("""{"lpa_string":{"parts":["a",{"b":"CANARY-7Q2X-9981"}]}}""")]
    [InlineData("""{"activation_code":"LPA:1$rsp$CANARY-7Q2X-9981","message":"Your code is canary-7q2x-9981."}""")]
    [InlineData("""{"message":"CANARY-7Q2X-9981","data":{"matching_id":"CANARY-7Q2X-9981"}}""")]
    [InlineData("""{"LPA:1$rsp.example.com$CANARY-7Q2X-9981":1}""")]
    [InlineData("""[["LPA:1$rsp.example.com$CANARY-7Q2X-9981"]]""")]
    [InlineData("""{"confirmation_code":"CANARY-7Q2X-9981"}""")]
    [InlineData("""{"ac":"CANARY-7Q2X-9981"}""")]
    [InlineData("""{"note":"use 1$rsp.example.com$CANARY-7Q2X-9981, please"}""")]
    [InlineData("""{"qr_code":"1$rsp.example.com$CANARY-7Q2X-9981","message":"or type canary-7q2x-9981"}""")]
    [InlineData("""{"data":{"message":"Your matching id is CANARY-7Q2X-9981."}}""")]
    [InlineData("""{"data":{"error_message":"(CANARY-7Q2X-9981)"}}""")]
    [InlineData("""{"data":{"message":"LPA: 1 $ rsp.example.com $ CANARY-7Q2X-9981"}}""")]
    [InlineData("""{"data":{"package_name":"LPA:1 $rsp.example.com$ CANARY-7Q2X-9981"}}""")]
    [InlineData("""{"data":{"message":"https://x.example/?c=LPA%253A1%2524rsp.example.com%2524CANARY-7Q2X-9981"}}""")]
    [InlineData("""{"data":{"package_name":"TFBBOjEkcnNwLmV4YW1wbGUuY29tJENBTkFSWS03UTJYLTk5ODE="}}""")]
    [InlineData("""{"data":{"meta":[{"status":"ACTIVE"},"CANARY-7Q2X-9981"]}}""")]
    [InlineData("""["CANARY-7Q2X-9981"]""")]
    [InlineData("\"CANARY-7Q2X-9981\"")]
    public void MaskBody_ACodeAnywhere_IsGoneAndTheRestIsJson(string json)
    {
        var masked = CodeMask.MaskBody(Encoding.UTF8.GetBytes(json))!;

        Assert.DoesNotContain(Canary, masked, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(CodeMask.Masked, masked, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(masked);
    }

    // What outsiders found in clear, and what nobody has thought of yet.
    [Theory]
    [InlineData("shortUrl")]
    [InlineData("qr_url")]
    [InlineData("qr_link")]
    [InlineData("qr_base64")]
    [InlineData("activation")]
    [InlineData("activation_url")]
    [InlineData("ac_code")]
    [InlineData("smdp_code")]
    [InlineData("match_id")]
    [InlineData("puk_code")]
    [InlineData("pin_code")]
    [InlineData("adm1")]
    [InlineData("confirmation")]
    [InlineData("ios_url")]
    [InlineData("universal_link")]
    [InlineData("share_url")]
    [InlineData("code")]
    [InlineData("token")]
    [InlineData("qr code")]
    [InlineData("lpa.string")]
    [InlineData("a key of tomorrow")]
    public void MaskBody_AKeyThatIsNotTheContracts_ShowsKindAndLengthAlone(string key)
    {
        var masked = CodeMask.MaskBody(
            Encoding.UTF8.GetBytes(
                """{"data":{"iccid":"8901234567890123456","KEY":"CANARY-7Q2X-9981","more":{"KEY":[12345]}}}""".Replace(
                    "KEY",
                    key,
                    StringComparison.Ordinal
                )
            )
        )!;

        Assert.DoesNotContain(Canary, masked, StringComparison.Ordinal);
        Assert.DoesNotContain("12345]", masked, StringComparison.Ordinal);
        Assert.Contains("8901234567890123456", masked, StringComparison.Ordinal);
        Assert.Contains(key, masked, StringComparison.Ordinal);
        Assert.Equal(masked, CodeMask.MaskBody(Encoding.UTF8.GetBytes(masked)));
    }

    [Fact]
    public void MaskBody_OfAnUnknownValue_TellsKindAndLength() =>
        Assert.Equal(
            $$"""{"note":"{{CodeMask.Masked}} (text, 11 characters)","n":"{{CodeMask.Masked}} (a number, 4 digits)","on":true,"x":null}""",
            CodeMask.MaskBody("""{"note":"hello world","n":1234,"on":true,"x":null}"""u8)
        );

    [Fact]
    public void MaskBody_ForViewers_ShortensDeviceAndSubscriber()
    {
        var masked = CodeMask.MaskBodyForViewers(
            """{"data":{"eid":"89049032123451234512345678901235","imsi":"432001234567890","iccid":"8901234567890123456"}}"""u8
        );

        Assert.Equal("""{"data":{"eid":"…1235","imsi":"…7890","iccid":"8901234567890123456"}}""", masked);
        Assert.Equal(
            """{"imsi":"…7890","iccid":"8901234567890123456","message":"IMSI …7890 of 8901234567890123456"}""",
            CodeMask.MaskBodyForViewers(
                """{"imsi":432001234567890,"iccid":"8901234567890123456","message":"IMSI 432001234567890 of 8901234567890123456"}"""u8
            )
        );
    }

    [Fact]
    public void MaskBody_NumberThatAMessageCallsAKey_IsMasked() =>
        Assert.Equal($$"""{"message":"PUK {{CodeMask.Masked}} 3 tries"}""", CodeMask.MaskBody("""{"message":"PUK 12345678, 3 tries"}"""u8));

    [Fact]
    public void MaskBody_NamesInATextForPeople_Stay()
    {
        var masked = CodeMask.MaskBody(
            """{"data":{"order_id":"ORD-123456","error_message":"Order ORD-123456 failed: 3 of 5 in 2026, code TOPUP-77X12-A9"}}"""u8
        )!;

        Assert.Contains("Order ORD-123456 failed: 3 of 5 in 2026, code " + CodeMask.Masked, masked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-11/order.created")]
    [InlineData("2025-11/order.failed")]
    [InlineData("2025-11/topup.completed")]
    [InlineData("2026-04/esim.status.changed")]
    [InlineData("2026-04/esim.profile.updated")]
    public void MaskBody_NoCode_IsLeftAsItWas(string sample)
    {
        var body = Samples.Read(sample);

        Assert.Equal(Encoding.UTF8.GetString(body), CodeMask.MaskBody(body));
    }

    [Fact]
    public void MaskBody_FactsBesideCodes_Stay()
    {
        var masked = CodeMask.MaskBody(Samples.Read("2025-11/order.completed"))!;

        Assert.Contains("8901234567890123456", masked, StringComparison.Ordinal);
        Assert.Contains("\"order_id\": \"ORD-123456\"", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("LPA:1$", masked, StringComparison.Ordinal);
    }

    [Fact]
    public void MaskBody_KeyAfterACodeObject_IsNotMasked()
    {
        var masked = CodeMask.MaskBody("""{"a":{"qr_code":{"x":"12345"}},"status":"open","package_name":["open2"]}"""u8)!;

        Assert.Equal($$$"""{"a":{"qr_code":{"x":"{{{CodeMask.Masked}}}"}},"status":"open","package_name":["open2"]}""", masked);
    }

    [Fact]
    public void MaskBody_LoneSurrogate_IsReplacedSoThatTheTextCanBeRead()
    {
        var masked = CodeMask.MaskBody("""{"package_name":"a\ud800b"}"""u8)!;

        Assert.Equal("a\uFFFDb", JsonDocument.Parse(masked).RootElement.GetProperty("package_name").GetString());
    }

    [Theory]
    [InlineData("LPA:1$rsp.example.com$CANARY-7Q2X-9981")]
    [InlineData("{\"qr_code\":\"CANARY")]
    public void MaskBody_NotJson_IsNull(string text) => Assert.Null(CodeMask.MaskBody(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("""{"data":{"iccid":"8901234567890123456","confirmation_code":"12345"}}""", "8901234567890123456")]
    [InlineData(
        """{"data":{"iccid":"8901234567890123456","activation_code":"8901234567890123456"}}""",
        "\"iccid\":\"8901234567890123456\""
    )]
    [InlineData("""{"data":{"order_reference":"REF-ABC-1","qr_code":"REF-ABC-1"}}""", "\"order_reference\":\"REF-ABC-1\"")]
    [InlineData("""{"data":{"status":"pending","activation_code":"pending"}}""", "\"status\":\"pending\"")]
    public void MaskBody_NamesThatACodeHappensToEqual_Stay(string json, string expected) =>
        Assert.Contains(expected, CodeMask.MaskBody(Encoding.UTF8.GetBytes(json)), StringComparison.Ordinal);

    [Fact]
    public void MaskBody_MadeToBeSlow_IsMaskedInNoTime()
    {
        var links = Encoding.UTF8.GetBytes($$"""{"$":"{{string.Concat(Enumerable.Repeat("http://", 9000))}}"}""");
        var codeTexts = string.Join(',', Enumerable.Range(0, 4000).Select(i => $"\"aaaa{i}\""));
        var otherTexts = string.Join(',', Enumerable.Repeat("\"a\"", 8000));
        var codes = Encoding.UTF8.GetBytes($$"""{"qr":[{{codeTexts}}],"x":[{{otherTexts}}]}""");
        var started = System.Diagnostics.Stopwatch.GetTimestamp();

        Assert.NotNull(CodeMask.MaskBody(links));
        Assert.NotNull(CodeMask.MaskBody(codes));

        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1));
    }
}
