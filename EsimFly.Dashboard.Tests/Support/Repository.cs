namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The folder that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Where the solution stands.</summary>
    public static string Root { get; } = Find();

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
