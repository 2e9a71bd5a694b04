using System.CommandLine;

namespace EsimFly.Dashboard.Hosting;

/// <summary>
/// What the program is started with: settings, as <c>--Key:Name=value</c> or <c>--Key:Name value</c>, and then nothing more, which starts
/// the desk, or a command.
/// </summary>
internal sealed class CommandLine
{
    private const int NotUnderstood = 2;

    private const string About =
        "EsimFly.Dashboard, the desk of an eSIM reseller. Without a command it starts the desk; every setting of the README can be given "
        + "as --Key:Name=value.";

    // The host's own settings, which have no section.
    private static readonly string[] OfTheHost = ["--urls", "--environment", "--contentRoot", "--applicationName", "--http_ports"];

    private readonly List<string> settings = [];
    private readonly List<string> words = [];

    /// <summary>Reads the arguments of the process.</summary>
    public CommandLine(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i].Split('=')[0];
            var isSetting =
                name.StartsWith("--", StringComparison.Ordinal)
                && (
                    name.Contains(':', StringComparison.Ordinal)
                    || OfTheHost.Contains(name, StringComparer.OrdinalIgnoreCase)
                    || (words.Count == 0 && name.Length < args[i].Length) // behind a command it is an option of that
                );
            (isSetting ? settings : words).Add(args[i]);
            if (isSetting && name.Length == args[i].Length && i + 1 < args.Count)
            {
                settings.Add(args[++i]);
            }
        }
    }

    /// <summary>The settings among them, for the host's configuration.</summary>
    public string[] Settings => [.. settings];

    /// <summary>Runs what is asked for.</summary>
    /// <param name="runDesk">Runs the desk.</param>
    /// <param name="commands">What else can be asked for.</param>
    /// <returns>The exit code of the process: 2 where the arguments cannot be understood.</returns>
    public async Task<int> RunAsync(Func<Task<int>> runDesk, params IEnumerable<Command> commands)
    {
        var root = new RootCommand(About);
        foreach (var command in commands)
        {
            root.Add(command);
        }

        root.SetAction((_, _) => runDesk());
        var parsed = root.Parse(words);

        // The caller reports faults, and the host itself ends the desk when the process is asked to end.
        var isDesk = parsed is { Errors: [], CommandResult.Command: RootCommand };
        var exitCode = await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = isDesk ? null : TimeSpan.FromSeconds(2),
            },
            CancellationToken.None
        );
        return parsed.Errors is [] ? exitCode : NotUnderstood;
    }
}
