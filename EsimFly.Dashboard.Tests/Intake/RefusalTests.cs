using System.Reflection;
using System.Text.RegularExpressions;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Intake.Receiving;

namespace EsimFly.Dashboard.Tests.Intake;

/// <summary>The table of refusals: each is in the list, with an own code and sentences to read.</summary>
public sealed partial class RefusalTests
{
    [Fact]
    public void All_HasEveryRefusal_WithACodeOfItsOwn()
    {
        var declared = typeof(Refusal)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(Refusal))
            .Select(field => (Refusal)field.GetValue(null)!)
            .ToList();

        Assert.True(declared.Count > 15);
        Assert.Equal(declared, Refusal.All);
        Assert.Equal(Refusal.All.Count, Refusal.All.Select(refusal => refusal.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Refusal.All, refusal => Assert.Matches(Code(), refusal.Code));
        Assert.All(Refusal.All, refusal => Assert.Same(refusal, Refusal.Find(refusal.Code)));
    }

    [Fact]
    public void Texts_OfEveryRefusal_AreSentences() =>
        Assert.All(
            Refusal.All.SelectMany(refusal => new[] { refusal.Title, refusal.Past, refusal.Next }),
            text => Assert.Matches(Sentence(), text)
        );

    [Fact]
    public void Next_OfWhatEsimflyNeverSends_DoesNotPromiseAnotherTry() =>
        Assert.All(
            Refusal.All.Where(refusal => refusal.Cause is RefusalCause.Stranger),
            refusal => Assert.DoesNotContain("again by its schedule", refusal.Next, StringComparison.Ordinal)
        );

    [Fact]
    public void Words_OfACodeOfAnEarlierVersion_AreTheCode()
    {
        Assert.Null(Refusal.Find("gone_since"));
        Assert.Equal("gone_since", RejectedWords.Of("gone_since"));
    }

    [GeneratedRegex("^[a-z]+(_[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"^[A-Ze].*\.$", RegexOptions.None, 1000)]
    private static partial Regex Sentence();
}
