using System.Text.RegularExpressions;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Architecture;

/// <summary>What the docs name is there: paths, types, tests, settings, links.</summary>
public sealed partial class DocsTests
{
    private const string Product = "EsimFly.Dashboard";

    // What an installation has, names that stand for any, and what the docs name of other programs.
    private static readonly string[] PathsOfOthers =
    [
        "XRoom.cs",
        "XQueries.cs",
        "keys/",
        "backups/",
        "data/",
        "webhooks/",
        "health/",
        "api/",
        "hubs/",
        "account/",
    ];

    private static readonly string[] NamesOfOthers = ["PublishReadyToRun"];

    private static readonly Lazy<HashSet<string?>> Folders = new(() =>
        Directory
            .GetDirectories(Path.Combine(Repository.Root, Product), "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName)
            .ToHashSet(StringComparer.Ordinal)
    );

    private static readonly Lazy<HashSet<string>> Names = new(() =>
        Repository
            .Sources([".cs", ".razor"])
            .SelectMany(file => Identifier.Matches(File.ReadAllText(file.FullName)).Select(static match => match.Value))
            .Concat(Repository.Sources([".razor"]).Select(static file => Path.GetFileNameWithoutExtension(file.Name)))
            .ToHashSet(StringComparer.Ordinal)
    );

    public static TheoryData<string> Documents =>
        [
            "README.md",
            "CONTRIBUTING.md",
            .. Directory
                .GetFiles(Path.Combine(Repository.Root, "docs"), "*.md") // decisions say what was so on their day
                .Select(static file => Path.GetRelativePath(Repository.Root, file)),
        ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Paths_ThatADocumentNames_Exist(string document)
    {
        var spans = Spans(document).Where(IsPath).Distinct(StringComparer.Ordinal).ToList();

        var missing = spans.FindAll(static span => !Exists(span));
        Assert.Empty(missing);
        if (document is "docs/architecture.md" or "CONTRIBUTING.md")
        {
            Assert.NotEmpty(spans);
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Types_ThatADocumentNames_Exist(string document)
    {
        var names = Spans(document).Where(static span => TypeName.IsMatch(span)).SelectMany(static span => span.Split('.')).ToList();

        var unknown = names.Except(NamesOfOthers, StringComparer.Ordinal).Except(Names.Value, StringComparer.Ordinal).ToList();
        Assert.Empty(unknown);
        if (document is "docs/architecture.md")
        {
            Assert.NotEmpty(names);
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_WithinTheRepository_LeadSomewhere(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        var links = Link.Matches(File.ReadAllText(Path.Combine(Repository.Root, document)))
            .Select(static match => match.Groups["to"].Value)
            .Where(static to => !to.Contains(':', StringComparison.Ordinal) && !to.StartsWith('#') && !to.StartsWith('/'))
            .Select(static to => to.Split('#')[0]);

        var broken = links.Where(to => !Path.Exists(Path.Combine(folder, to))).ToList();
        Assert.Empty(broken);
    }

    [Fact]
    public void Names_ThatDoNotExist_AreFound()
    {
        Assert.False(Exists("Storage/Migrations/"));
        Assert.False(Exists("Storage/NoSuchFile.cs"));
        Assert.True(Exists("Storage/Sqlite/Migrations"));
        Assert.True(IsPath("Storage/Migrations"));
        Assert.DoesNotContain("NoSuchTypeAnywhere" + "Else", Names.Value);
    }

    private static IEnumerable<string> Spans(string document) =>
        Code.Matches(Fence.Replace(File.ReadAllText(Path.Combine(Repository.Root, document)), ""))
            .Select(static match => match.Groups["text"].Value);

    private static bool IsPath(string span) =>
        PathForm.IsMatch(span) && !PathsOfOthers.Any(folder => span.StartsWith(folder, StringComparison.Ordinal));

    // From the root, from the product, from its tests, or a file's name alone, somewhere in the repository.
    private static bool Exists(string span)
    {
        var path = span.Replace("Tests/", Product + ".Tests/", StringComparison.Ordinal)
            .Replace($"{Product}.{Product}.", $"{Product}.", StringComparison.Ordinal)
            .TrimEnd('/', '*');
        string[] bases = ["", Product, Product + ".Tests", "docs", "benchmarks"];
        return bases.Any(from => Path.Exists(Path.Combine(Repository.Root, from, path)))
            || bases.Any(from => Path.Exists(Path.Combine(Repository.Root, from, path + ".cs")))
            || (
                !path.Contains('/', StringComparison.Ordinal)
                && Repository.Sources([Path.GetExtension(path)]).Any(file => file.Name.EndsWith(path, StringComparison.Ordinal))
            )
            || (span.EndsWith('/') && Folders.Value.Contains(path));
    }

    [GeneratedRegex("```.*?```", RegexOptions.Singleline, 1000)]
    private static partial Regex Fence { get; }

    [GeneratedRegex("`(?<text>[^`\n]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code { get; }

    // A folder with a slash, or a file with the ending of source.
    [GeneratedRegex(@"^[A-Za-z.][\w.\-]*(/[\w.\-]+)*/?$(?<=/[\w.\-]*|/|\.(cs|razor|mjs|sh|json|md))", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathForm { get; }

    [GeneratedRegex(@"^[A-Z][a-z]+[A-Z]\w+(\.[A-Z]\w+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeName { get; }

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"\b[A-Z]\w+\b", RegexOptions.None, 1000)]
    private static partial Regex Identifier { get; }
}
