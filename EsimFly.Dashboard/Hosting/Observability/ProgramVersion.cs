using System.Reflection;

namespace EsimFly.Dashboard.Hosting.Observability;

/// <summary>Which build of the program this is.</summary>
internal static class ProgramVersion
{
    private const int ShortCommit = 7;

    /// <summary>Its version, and the commit that it was built from where that is known: <c>1.0.0 (4bd39d9)</c>.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') switch
        {
            [var number, { Length: > ShortCommit } commit] => $"{number} ({commit[..ShortCommit]})",
            [var number, ..] => number,
            _ => "?",
        };
}
