using System.Text.RegularExpressions;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Architecture;

/// <summary>Interface, docs, comments and names are in plain modern English, and in the words of docs/glossary.md.</summary>
public sealed partial class LanguageTests
{
    [Fact]
    public void Words_OfCodeAndDocs_ArePlainEnglish()
    {
        string[] extensions = [".cs", ".razor", ".css", ".js", ".mjs", ".sh", ".md", ".txt"];
        var files = Repository
            .Sources(extensions)
            .Where(file => file.Name is not ($"{nameof(LanguageTests)}.cs" or "glossary.md"))
            .ToList();
        var found = files.SelectMany(file =>
            File.ReadLines(file.FullName)
                .Select((line, index) => (Line: line, Number: index + 1))
                .Where(item => Archaic.IsMatch(item.Line) || Retired.IsMatch(item.Line))
                .Select(item => $"{Path.GetRelativePath(Repository.Root, file.FullName)}:{item.Number}: {item.Line.Trim()}")
        );

        Assert.Empty(found);
        Assert.True(files.Count > 300, $"Only {files.Count} files were looked at.");
    }

    [Theory]
    [InlineData("It is worked out again from the log.")]
    [InlineData("DeskDbContext")]
    [InlineData("Nobody takes care yet")]
    [InlineData("whoever it was")]
    public void Words_ThatAreRetired_AreFound(string line) => Assert.True(Archaic.IsMatch(line) || Retired.IsMatch(line));

    [GeneratedRegex(
        @"\b(said|told|the world|bears|stood|anew|lest|for ever|whoever|dear to|became of it|vouch(es)?|reckons?|bore|borne)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Archaic { get; }

    // The left column of docs/glossary.md's "Retired words".
    [GeneratedRegex(
        @"\bwork(s|ed|ing)? ((it|them|everything|all|this|the \w+) )?out\b|\bworked in(to)?\b|\bcomes? to (its|an) end\b"
            + @"|\b(events|folds|log) comes? to\b|\bas it came\b|\bcame after all\b|\btak(es?|ing) (care|note)\b|\btaken (note|back)\b"
            + @"|\bit fares\b|\blooked after\b|\bin the clear\b|\blongest wait\b|\bwhose orders? (it is|are)\b|\bpapers\b|\bwhat is so\b"
            + @"|\blook again\b|\btake it back\b|\bpresent password\b|\bcaretakers?\b|\blog store\b|\bdesk store\b"
            + @"|\b(Duties|DeskDbContext|DeskSchema|DeskDatabase|DeskWriter|BulkDesk|EsimflyAccount)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Retired { get; }
}
