using System.Text.RegularExpressions;
using EsimFly.Dashboard.Tests.Support;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EsimFly.Dashboard.Tests.Architecture;

/// <summary>Which room may use which, read from the compiled code, so that no way of writing a name escapes.</summary>
public sealed partial class RoomTests
{
    private const string Root = "EsimFly.Dashboard";

    /// <summary>
    /// A room and the rooms that it may use, in the order in which a delivery passes through them. Pages of Access use what is made for
    /// pages, and nothing else in Access does. Meters and logs (Hosting/Observability) may be used by all.
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Contract"] = [],
        ["Observability"] = [],
        ["Storage"] = ["Contract"],
        ["Intake"] = ["Contract", "Storage", "Live"],
        ["EsimflyApi"] = ["Contract", "Storage", "Intake", "Projection", "Live"],
        ["Projection"] = ["Contract", "Storage", "Live"],
        ["Live"] = ["Storage", "Access"],
        ["Access"] = ["Contract", "Storage"],
        ["Access pages"] = ["Contract", "Storage", "Intake", "EsimflyApi", "Access", "Components"],
        ["Components"] = ["Contract", "Storage", "Live", "Access"],
        ["Desk"] = ["Contract", "Storage", "Intake", "EsimflyApi", "Projection", "Live", "Access", "Access pages", "Components"],
        ["Simulator"] = ["Contract", "Storage", "Intake", "EsimflyApi", "Live", "Access", "Components", "Desk"],
        ["Api"] = ["Contract", "Storage", "Access", "Components", "Desk"],
        ["Hosting"] = ["Contract", "Storage", "Intake"],
    };

    private static readonly string?[] OfPages = ["AuditQueries", "AuditExport"];

    [Fact]
    public void Rooms_UseOnlyWhatTheyMay()
    {
        Assert.NotEmpty(Uses());
        var violations = Uses()
            .Where(use => !Allowed[use.From].Contains(use.To, StringComparer.Ordinal))
            .Select(use => $"{use.From} uses {use.To} in {use.Where}")
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.True(violations.Count == 0, string.Join("\n", violations));
    }

    [Fact]
    public void Rooms_AllThatThereAre_AreNamedHere() =>
        Assert.Equal(
            Allowed.Keys.Order(StringComparer.Ordinal),
            Types().Select(type => RoomOf(type.FullName)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Directions_InTheDocs_AreThese()
    {
        var stated = DocumentedRoom
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md")))
            .ToDictionary(static match => match.Groups["room"].Value, static match => match.Groups["uses"].Value, StringComparer.Ordinal);

        foreach (var (room, uses) in Allowed.Where(static room => room.Key is not "Observability"))
        {
            Assert.Equal(uses is [] ? "nothing" : string.Join(", ", uses), stated.GetValueOrDefault(room, $"no row for {room}"));
        }
    }

    [Fact]
    public void RawMarkup_IsNowhere()
    {
        var sources = Sources().ToList();

        Assert.True(sources.Count > 300, $"Only {sources.Count} files were looked at.");
        Assert.Matches(RawMarkup(), "@((MarkupString)payload)");
        Assert.DoesNotContain(sources, file => RawMarkup().IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public void Awaits_AreConfiguredOnlyToSuppressOrYield()
    {
        Assert.Matches(ConfiguredAwait(), "await task.ConfigureAwait(false);");
        Assert.DoesNotMatch(ConfiguredAwait(), "await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);");
        Assert.DoesNotContain(Sources(), file => ConfiguredAwait().IsMatch(File.ReadAllText(file)));
    }

    [Theory]
    [InlineData("Storage.Sqlite", "Microsoft.Data.Sqlite", "SQLitePCL")]
    [InlineData("Storage.Postgres", "Npgsql.Npgsql", "NpgsqlTypes")]
    public void WhatIsOfOneDatabase_IsUsedInItsFolderAlone(string folder, params string[] names)
    {
        var uses = References().Where(use => Array.Exists(names, name => use.To.StartsWith(name, StringComparison.Ordinal))).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, use => Assert.StartsWith($"{Root}.{folder}.", use.From, StringComparison.Ordinal));
    }

    [Fact]
    public void RoomsAboveStorage_DoNotKnowWhichDatabaseThereIs() =>
        Assert.DoesNotContain(
            References(),
            use =>
                RoomOf(use.From) is not (null or "Storage")
                && (
                    use.To.StartsWith(Root + ".Storage.Sqlite.", StringComparison.Ordinal)
                    || use.To.StartsWith(Root + ".Storage.Postgres.", StringComparison.Ordinal)
                )
        );

    [Fact]
    public void TheClock_IsAskedThroughTimeProvider()
    {
        Assert.Matches(WallClock(), "DateTime.UtcNow");
        Assert.DoesNotContain(Sources(), file => WallClock().IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public void ConstantBounds_AreOnEveryStackAllocation()
    {
        Assert.Matches(UnboundedStack(), "stackalloc byte[1 + boundTo.Length]");
        Assert.DoesNotContain(Sources(), file => UnboundedStack().IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public void AsyncVoid_WhichEndsTheProcessWhereItFails_IsNowhere()
    {
        Assert.Matches(AsyncVoid(), "private async void Check()");
        Assert.DoesNotContain(Sources(), file => AsyncVoid().IsMatch(File.ReadAllText(file)));
    }

    private static IEnumerable<(string From, string To, string Where)> Uses() =>
        from use in References()
        let @from = RoomOf(use.From)
        let to = RoomOf(use.To)
        where
            @from is not null
            && to is not null
            && !string.Equals(@from, to, StringComparison.Ordinal)
            && !string.Equals(to, "Observability", StringComparison.Ordinal)
        select (@from, to, use.From);

    private static IEnumerable<(string From, string To)> References()
    {
        foreach (var type in Types())
        {
            var used = new HashSet<string>(StringComparer.Ordinal);
            Add(used, type.BaseType);
            type.Interfaces.ToList().ForEach(item => Add(used, item.InterfaceType));
            type.Fields.ToList().ForEach(item => Add(used, item.FieldType));
            foreach (var method in type.Methods)
            {
                Add(used, method.ReturnType);
                method.Parameters.ToList().ForEach(item => Add(used, item.ParameterType));
                foreach (var instruction in method.HasBody ? method.Body.Instructions : Enumerable.Empty<Instruction>())
                {
                    switch (instruction.Operand)
                    {
                        case TypeReference reference:
                            Add(used, reference);
                            break;
                        case MemberReference member:
                            Add(used, member.DeclaringType);
                            if (member is MethodReference called)
                            {
                                Add(used, called.ReturnType);
                                (called as GenericInstanceMethod)?.GenericArguments.ToList().ForEach(argument => Add(used, argument));
                            }

                            break;
                    }
                }

                if (method.HasBody)
                {
                    method.Body.Variables.ToList().ForEach(item => Add(used, item.VariableType));
                }
            }

            foreach (var name in used)
            {
                yield return (type.FullName, name);
            }
        }
    }

    private static IEnumerable<TypeDefinition> Types() =>
        AssemblyDefinition
            .ReadAssembly(typeof(Program).Assembly.Location)
            .MainModule.GetTypes()
            .Where(type =>
                type.FullName.StartsWith(Root + ".", StringComparison.Ordinal)
                && !type.FullName.Contains(".Migrations.", StringComparison.Ordinal)
            );

    private static void Add(HashSet<string> used, TypeReference? type)
    {
        if (type is null)
        {
            return;
        }

        used.Add(type.GetElementType().FullName);
        (type as GenericInstanceType)?.GenericArguments.ToList().ForEach(argument => Add(used, argument));
    }

    private static string? RoomOf(string typeName)
    {
        var parts = typeName.Split('.', '/');
        return !typeName.StartsWith(Root + ".", StringComparison.Ordinal) || parts.Length <= 3 ? null
            : parts is [_, _, "Hosting", "Observability", ..] ? "Observability"
            : parts[2] is "Access" && IsPartOfPage(parts) ? "Access pages"
            : parts[2];
    }

    // A Razor component, what only one of them uses, and what registers them.
    private static bool IsPartOfPage(string[] parts) =>
        parts[3] is "Account" or "AccessRoom"
        || OfPages.Contains(parts.ElementAtOrDefault(4), StringComparer.Ordinal)
        || Components.Value.Contains(string.Join('.', parts.Take(5)));

    private static readonly Lazy<HashSet<string>> Components = new(() =>
        Types()
            .Where(type => type.CustomAttributes.Any(item => item.AttributeType.Name is "RouteAttribute") || IsComponent(type.BaseType))
            .Select(type => type.FullName)
            .ToHashSet(StringComparer.Ordinal)
    );

    private static bool IsComponent(TypeReference? type) =>
        type is not null && (type.Name is "ComponentBase" or "LayoutComponentBase" || IsComponent(type.Resolve()?.BaseType));

    private static IEnumerable<string> Sources() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, Root), "*.*", SearchOption.AllDirectories)
            .Where(file =>
                (file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
                && !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal)
            );

    [GeneratedRegex(@"ConfigureAwait\((?!ConfigureAwaitOptions\.)", RegexOptions.None, 1000)]
    private static partial Regex ConfiguredAwait();

    [GeneratedRegex(
        @"^\| `?(?<room>[A-Z][A-Za-z ]+)/?`? \|.*\| (?<uses>[^|]+) \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex DocumentedRoom { get; }

    // A number, or a constant's name; nothing that is computed from a length.
    [GeneratedRegex(@"stackalloc \w+\[(?![A-Z0-9][\w.]*\])", RegexOptions.None, 1000)]
    private static partial Regex UnboundedStack();

    [GeneratedRegex(@"\basync void\b", RegexOptions.None, 1000)]
    private static partial Regex AsyncVoid();

    [GeneratedRegex("MarkupString|AddMarkupContent", RegexOptions.None, 1000)]
    private static partial Regex RawMarkup();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now|Stopwatch\.|Thread\.Sleep", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WallClock();
}
