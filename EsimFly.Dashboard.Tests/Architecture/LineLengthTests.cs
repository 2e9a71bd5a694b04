using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Architecture;

/// <summary>No line of code, markup, style or script is longer than a screen is wide.</summary>
public sealed class LineLengthTests
{
    private const int Columns = 140;

    private static readonly HashSet<string> Extensions = new(StringComparer.Ordinal)
    {
        ".cs",
        ".razor",
        ".css",
        ".js",
        ".mjs",
        ".sh",
        ".csproj",
        ".props",
    };

    // Built, restored, written by EF Core, or copied from elsewhere.
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "bin",
        "obj",
        "artifacts",
        "node_modules",
        "Migrations",
        "Samples",
    };

    [Fact]
    public void Lines_OfEachSourceFile_EndByColumn140()
    {
        var files = Sources(new DirectoryInfo(Repository.Root)).ToList();
        var tooLong = files.SelectMany(file =>
            File.ReadLines(file.FullName)
                .Select((line, index) => (line, number: index + 1))
                .Where(item => item.line.Length > Columns)
                .Select(item => $"{Path.GetRelativePath(Repository.Root, file.FullName)}:{item.number}")
        );

        Assert.Empty(tooLong);
        Assert.True(files.Count > 300, $"Only {files.Count} files were looked at.");
    }

    private static IEnumerable<FileInfo> Sources(DirectoryInfo folder) =>
        folder
            .EnumerateFiles()
            .Where(file => Extensions.Contains(file.Extension))
            .Concat(
                folder
                    .EnumerateDirectories()
                    .Where(inner => !Skipped.Contains(inner.Name) && !inner.Name.StartsWith('.'))
                    .SelectMany(Sources)
            );
}
