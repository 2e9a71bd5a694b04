using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Tests.Contract;

public sealed class ContractInstantTests
{
    private const long Expected = 1737023400000; // 2025-01-16T10:30:00Z

    [Theory]
    [InlineData("2025-01-16T10:30:00Z", 0)]
    [InlineData("2025-01-16T10:30:00.123Z", 123)]
    [InlineData("2025-01-16T10:30:00.123456789Z", 123)]
    [InlineData("2025-01-16T12:30:00+02:00", 0)]
    [InlineData("2025-01-16T10:30:00", 0)]
    [InlineData("2025-01-16 10:30:00", 0)]
    [InlineData("Thu, 16 Jan 2025 10:30:00 GMT", 0)]
    [InlineData("January 16, 2025 10:30 AM", 0)]
    [InlineData("16 January 2025 10:30 UTC", 0)]
    [InlineData("Thursday, 16th January 2025 at 10:30", 0)]
    [InlineData("1737023400", 0)]
    [InlineData("1737023400123", 123)]
    [InlineData("1737023400.5", 500)]
    [InlineData("Thu Jan 16 2025 10:30:00 GMT+0000 (Coordinated Universal Time)", 0)]
    [InlineData("Thu Jan 16 2025 12:30:00 GMT+0200 (Central European Summer Time)", 0)]
    public void Parse_AnInstantInAnyForm_IsReadAsUtc(string text, int milliseconds) =>
        Assert.Equal(Expected + milliseconds, ContractInstant.Parse(text).UnixMs);

    [Theory]
    [InlineData("2026-02-13T24:00:00Z", "2026-02-14T00:00:00Z")]
    [InlineData("2026-02-13T24:00:00+02:00", "2026-02-13T22:00:00Z")]
    public void Parse_TheEndOfADay_IsTheBeginningOfTheNext(string text, string same) =>
        Assert.Equal(ContractInstant.Parse(same), ContractInstant.Parse(text));

    [Theory]
    [InlineData("in 30 days")]
    [InlineData("2026-02-13T24:30:00Z")]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("10:30")]
    [InlineData("January 16 10:30 AM")]
    [InlineData("16/1")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("99999999999999999999")]
    [InlineData("half past ten on the sixteenth")]
    public void Parse_NoInstant_IsNone(string text) => Assert.Null(ContractInstant.Parse(text).UnixMs);

    [Fact]
    public void Expressions_HaveNoTimeLimit_SoThatABusyMachineReadsTheSame()
    {
        var expressions = typeof(ContractInstant)
            .GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(Regex))
            .Select(method => (Regex)method.Invoke(null, null)!)
            .ToList();

        Assert.NotEmpty(expressions);
        Assert.All(expressions, expression => Assert.Equal(Regex.InfiniteMatchTimeout, expression.MatchTimeout));
    }

    // The longest text that is looked at, of what each expression tries most often: 100 characters, so some 10,000 steps.
    [Theory]
    [InlineData(" ")]
    [InlineData("2026 at ")]
    [InlineData("1st ")]
    [InlineData("T24:00:00.0")]
    [InlineData("GMT+0000 (")]
    [InlineData("UTC ")]
    public void Parse_TheLongestText_IsReadAtOnce(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 100))[..96] + "2026";
        var clock = Stopwatch.StartNew();

        for (var time = 0; time < 100; time++)
        {
            Assert.Null(ContractInstant.Parse(text).UnixMs);
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"A hundred took {clock.Elapsed}.");
    }
}
