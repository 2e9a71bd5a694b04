using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Architecture;

/// <summary>No line of code, markup, style or script is longer than a screen is wide.</summary>
public sealed class LineLengthTests
{
    private const int Columns = 140;

    private const int LinesOfAComponent = 120;

    [Fact]
    public void Components_AreReadAtAGlance()
    {
        var files = Repository.Sources([".razor"]).ToList();

        Assert.Empty(files.Where(file => File.ReadLines(file.FullName).Count() > LinesOfAComponent).Select(file => file.Name));
        Assert.True(files.Count > 80, $"Only {files.Count} files were looked at.");
    }

    [Fact]
    public void Lines_OfEachSourceFile_EndByColumn140()
    {
        var files = Repository.Sources([".cs", ".razor", ".css", ".js", ".mjs", ".sh", ".csproj", ".props"]).ToList();
        var tooLong = files.SelectMany(file =>
            File.ReadLines(file.FullName)
                .Select((line, index) => (line.Length, Number: index + 1))
                .Where(item => item.Length > Columns)
                .Select(item => $"{Path.GetRelativePath(Repository.Root, file.FullName)}:{item.Number}")
        );

        Assert.Empty(tooLong);
        Assert.True(files.Count > 300, $"Only {files.Count} files were looked at.");
    }
}
