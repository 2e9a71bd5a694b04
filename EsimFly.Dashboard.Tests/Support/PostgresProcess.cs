using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>A PostgreSQL server of a test's own, which it may stop and start: in a temporary folder, on a free port.</summary>
internal sealed class PostgresProcess : IDisposable
{
    private const string Installed = "/usr/lib/postgresql";
    private const string Account = "postgres";

    private readonly TempFolder folder = new();
    private readonly int port = AppProcess.FreePort();
    private readonly string settings;

    /// <summary>Makes the server and starts it.</summary>
    /// <param name="settings">Further settings, as <c>-c name=value</c>.</param>
    public PostgresProcess(string settings = "")
    {
        RequiredTool.NeedVariable(TestDatabase.ServerVariable, "PostgreSQL tests are not wanted");
        this.settings = settings;
        Data = Path.Combine(folder.Path, "data");
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "-R", Account, folder.Path);
        }

        RunTool("initdb", "-D", Data, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U", "esimfly");
        Start();
        using var connection = new NpgsqlConnection(To("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand("CREATE DATABASE desk", connection);
        command.ExecuteNonQuery();
    }

    /// <summary>What the program is given as <c>ConnectionStrings:Desk</c>.</summary>
    public string ConnectionString => ToPort(port);

    /// <summary>The port that it listens on.</summary>
    public int Port => port;

    private string Data { get; }

    /// <summary>The same by another port, such as that of a line that can be cut.</summary>
    public static string ToPort(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=esimfly;Database=desk");

    /// <summary>Ends it without letting it finish anything, as a crash does.</summary>
    public void Crash() => RunTool("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>The same, and starts it again.</summary>
    public void CrashAndStart()
    {
        Crash();
        Start();
    }

    /// <summary>Runs a query and gives its rows as text, columns with a bar between them.</summary>
    public List<string> Query(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Include Error Detail=true");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(string.Join('|', values.Select(static value => Convert.ToString(value, CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Crash();
        }
        finally
        {
            folder.Dispose();
        }
    }

    /// <summary>Starts it after it ended.</summary>
    public void Start() =>
        RunTool(
            "pg_ctl",
            "-D",
            Data,
            "-w",
            "-l",
            Path.Combine(Data, "server.log"),
            "-o",
            string.Create(CultureInfo.InvariantCulture, $"-p {port} -h 127.0.0.1 -k '' -c max_connections=200 {settings}"),
            "start"
        );

    private string To(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=esimfly;Database={database};Pooling=false");

    // The server refuses to be run by root.
    private static void RunTool(string tool, params string[] arguments)
    {
        var path = Directory
            .EnumerateDirectories(Installed)
            .OrderByDescending(static version => version, StringComparer.Ordinal)
            .Select(version => Path.Combine(version, "bin", tool))
            .First(File.Exists);
        if (Environment.IsPrivilegedProcess)
        {
            Run("setpriv", [$"--reuid={Account}", $"--regid={Account}", "--clear-groups", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        // Its output goes nowhere: a server that is started this way keeps what it inherits open.
        using var process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments])
            {
                WorkingDirectory = Path.GetTempPath(),
            }
        )!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
