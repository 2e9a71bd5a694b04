using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Tests.Contract;

/// <summary>Numbers in the words of texts.</summary>
public sealed class InWordsTests
{
    [Theory]
    [InlineData(0, "no")]
    [InlineData(5, "five")]
    [InlineData(12, "twelve")]
    [InlineData(13, "13")]
    [InlineData(1440, "1,440")]
    public void Count_IsAWordWhereItIsSmall(int count, string words) => Assert.Equal(words, InWords.Of(count));

    [Theory]
    [InlineData("00:00:30", "30 seconds")]
    [InlineData("00:01:00", "one minute")]
    [InlineData("00:05:00", "five minutes")]
    [InlineData("01:30:00", "90 minutes")]
    [InlineData("1.00:00:00", "24 hours")]
    [InlineData("3.00:00:00", "three days")]
    public void Span_IsInItsLargestWholeUnit(string span, string words) =>
        Assert.Equal(words, InWords.Of(TimeSpan.Parse(span, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Size_IsInKilobytesOrMegabytes() =>
        Assert.Equal(["16 KB", "20 MB"], [InWords.OfBytes(16 * 1024), InWords.OfBytes(20 * 1024 * 1024)]);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1440, true)]
    [InlineData(1441, false)]
    public void Bounds_HaveTheirEnds(int value, bool isWithin) => Assert.Equal(isWithin, new Bounds(1, 1440).Has(value));
}
