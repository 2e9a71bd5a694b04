using System.Text.RegularExpressions;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Architecture;

/// <summary>Interface, docs, comments and names are in plain modern English.</summary>
public sealed partial class LanguageTests
{
    [Fact]
    public void Words_OfCodeAndDocs_ArePlainEnglish()
    {
        string[] extensions = [".cs", ".razor", ".css", ".js", ".mjs", ".sh", ".md"];
        var files = Repository.Sources(extensions).Where(file => file.Name is not $"{nameof(LanguageTests)}.cs").ToList();
        var found = files.SelectMany(file =>
            File.ReadLines(file.FullName)
                .Select((line, index) => (Word: Archaic.Match(line), Number: index + 1))
                .Where(item => item.Word.Success)
                .Select(item => $"{Path.GetRelativePath(Repository.Root, file.FullName)}:{item.Number}: {item.Word.Value}")
        );

        Assert.Empty(found);
        Assert.True(files.Count > 300, $"Only {files.Count} files were looked at.");
    }

    [GeneratedRegex(
        @"\b(said|told|the world|bears|stood|anew|lest|for ever|whoever|dear to|became of it|vouch(es)?|reckons?|bore|borne)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Archaic { get; }
}
