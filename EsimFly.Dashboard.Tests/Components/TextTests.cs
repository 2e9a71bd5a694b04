using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Components.Text;

namespace EsimFly.Dashboard.Tests.Components;

/// <summary>Texts of payloads beside others, and in the cells of a spreadsheet.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("USA 1GB", "USA 1GB")]
    [InlineData("باقة العراق 1GB", "\u2068باقة العراق 1GB\u2069")]
    [InlineData("חבילה", "\u2068חבילה\u2069")]
    [InlineData("a\u202Eb", "a⟨U+202E⟩b")]
    public void MakeVisible_OfTextFromRightToLeft_IsolatesIt(string text, string shown) => Assert.Equal(shown, JsonText.MakeVisible(text));

    [Theory]
    [InlineData("-5.50", "-5.50")]
    [InlineData("5.5", "5.5")]
    [InlineData("0", "0")]
    [InlineData("-12", "-12")]
    [InlineData("", "")]
    [InlineData("order.created", "order.created")]
    [InlineData("2026-11-26 12:00:00Z", "2026-11-26 12:00:00Z")]
    [InlineData("8901234567890123456", "'8901234567890123456")]
    [InlineData("432001234567890", "432001234567890")]
    [InlineData("4320012345678901", "'4320012345678901")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－cmd", "'－cmd")]
    [InlineData("＠SUM(A1)", "'＠SUM(A1)")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-cmd", "'-cmd")]
    [InlineData(" =1+1", "' =1+1")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("+4917012345", "'+4917012345")]
    public void Cell_IsWhatASpreadsheetShowsAsItIs(string text, string cell) => Assert.Equal(cell, CsvFile.Guard(text));
}
