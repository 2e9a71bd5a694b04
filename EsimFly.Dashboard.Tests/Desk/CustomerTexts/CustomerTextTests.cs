using EsimFly.Dashboard.Desk.CustomerTexts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk.CustomerTexts;

/// <summary>The texts for customers: their placeholders, languages, and what an administrator makes of them.</summary>
public sealed class CustomerTextTests
{
    private static readonly Dictionary<string, string?> Nothing = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, string?> Everything = Template.Placeholders.ToDictionary(
        one => one.Name,
        one => (string?)$"<{one.Name}>",
        StringComparer.Ordinal
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Texts { get; } =
    [.. BuiltIn.Texts.SelectMany(language => language.Value.Keys.Select(kind => (language.Key, kind.ToString())))];

    [Theory]
    [MemberData(nameof(Texts))]
    public void BuiltIn_EachText_IsSound_AndLeavesNoPlaceholder(string language, string kind)
    {
        var text = BuiltIn.Texts[language][Enum.Parse<CustomerText>(kind)];

        Assert.Null(Template.Problem(text, Enum.Parse<CustomerText>(kind)));
        foreach (var values in new[] { Nothing, Everything })
        {
            var filled = Template.Fill(text, values);
            Assert.DoesNotContain(filled, letter => letter is '{' or '}' or '[' or ']');
            Assert.DoesNotContain("\n\n\n", filled, StringComparison.Ordinal);
            Assert.True(filled.Length > 80, filled);
        }
    }

    [Fact]
    public void BuiltIn_EachLanguage_HasEachText() =>
        Assert.All(BuiltIn.Texts.Values, texts => Assert.Equal(Enum.GetValues<CustomerText>().Length, texts.Count));

    [Fact]
    public void Install_HasEveryWayThatTheCodeAllows_AndNoOther()
    {
        var text = BuiltIn.Texts["en"][CustomerText.Install];
        var whole = Template.Fill(text, Everything);
        var bare = Template.Fill(text, new Dictionary<string, string?>(StringComparer.Ordinal) { ["activation_code"] = "MATCH-1" });

        Assert.All(
            ["<activation_code>", "<apple_link>", "<android_link>", "(<package>)", "confirmation code", "Hello <customer>,"],
            part => Assert.Contains(part, whole, StringComparison.Ordinal)
        );
        Assert.Contains("MATCH-1", bare, StringComparison.Ordinal);
        Assert.StartsWith("Hello,\n", bare, StringComparison.Ordinal);
        Assert.All(["iPhone", "Android", "confirmation"], part => Assert.DoesNotContain(part, bare, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{nothing} {smdp} {matching_id}", "is no placeholder")]
    [InlineData("[{smdp} {matching_id}", "no ]")]
    [InlineData("[[{smdp}] {matching_id}]", "each", true)]
    [InlineData("{smdp}", "are needed")]
    [InlineData("{smdp} {matching_id} {", "is no placeholder")]
    public void Problem_OfATextByHand_IsNamed(string text, string words, bool ignoresCase = false) =>
        Assert.Contains(
            words,
            Template.Problem(text, CustomerText.InstallByHand),
            ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal
        );

    [Fact]
    public void Html_IsEncoded_InItsDirection_AndItsLinksCanBeClicked()
    {
        var html = Template.ToHtml("مرحبًا <b>\n\nhttps://esimsetup.apple.com/x?a=1&b=2\n", "ar");

        Assert.StartsWith("<div lang=\"ar\" dir=\"rtl\"><p>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://esimsetup.apple.com/x?a=1&amp;b=2\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_OfAnAdministrator_TakesThePlaceOfTheBuiltIn_UntilItIsTakenBack()
    {
        await using var app = new DashboardApp();
        var admin = await app.JoinAsync(AccountRole.Admin);
        var texts = app.Get<CustomerTextActions>();

        Assert.Null(await texts.SetAsync(admin, "DE", CustomerText.UsedUp, "Guten Tag[ {customer}],\r\nverbraucht.", Token));
        Assert.Null(await texts.SetAsync(admin, "en", CustomerText.UsedUp, "All gone.", Token));
        Assert.Contains("no placeholder", await texts.SetAsync(admin, "en", CustomerText.UsedUp, "{x}", Token), StringComparison.Ordinal);
        Assert.Contains("no tag", await texts.SetAsync(admin, "?", CustomerText.UsedUp, "x", Token), StringComparison.Ordinal);

        var all = await texts.ReadAsync(admin, Token);
        Assert.Equal("All gone.", all["en"][CustomerText.UsedUp]);
        Assert.Equal("Guten Tag Nora,\nverbraucht.\n", Template.Fill(all["de"][CustomerText.UsedUp], Named("Nora")));
        Assert.Equal(BuiltIn.Texts["en"][CustomerText.Expired], all["en"][CustomerText.Expired]);
        await texts.SetAsync(admin, "de", CustomerText.UsedUp, "", Token);
        await texts.SetAsync(admin, "en", CustomerText.UsedUp, "", Token);
        Assert.Equal("ar en", string.Join(' ', (await texts.ReadAsync(admin, Token)).Keys.Order(StringComparer.Ordinal)));
        Assert.Equal(BuiltIn.Texts["en"][CustomerText.UsedUp], (await texts.ReadAsync(admin, Token))["en"][CustomerText.UsedUp]);
    }

    private static Dictionary<string, string?> Named(string customer) => new(StringComparer.Ordinal) { ["customer"] = customer };
}
