namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The folder that the tests were built from.</summary>
internal static class Repository
{
    // Built, restored, written by EF Core, or copied from elsewhere.
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "bin",
        "obj",
        "data",
        "artifacts",
        "node_modules",
        "Migrations",
        "Samples",
    };

    /// <summary>Where the solution is.</summary>
    public static string Root { get; } = Find();

    /// <summary>The files that people wrote.</summary>
    /// <param name="extensions">Their extensions, with the dot.</param>
    public static IEnumerable<FileInfo> Sources(IEnumerable<string> extensions) =>
        Sources(new DirectoryInfo(Root), extensions.ToHashSet(StringComparer.Ordinal));

    private static IEnumerable<FileInfo> Sources(DirectoryInfo folder, HashSet<string> extensions) =>
        folder
            .EnumerateFiles()
            .Where(file => extensions.Contains(file.Extension))
            .Concat(
                folder
                    .EnumerateDirectories()
                    .Where(inner => !Skipped.Contains(inner.Name) && !inner.Name.StartsWith('.'))
                    .SelectMany(inner => Sources(inner, extensions))
            );

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EsimFly.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
