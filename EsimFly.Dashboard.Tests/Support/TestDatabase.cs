using System.Collections.Concurrent;
using System.Globalization;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>A PostgreSQL database for one test, which goes with it. Its event log is there already, of the present schema.</summary>
internal sealed class TestDatabase : IDisposable
{
    /// <summary>The variable that names the server, as <c>Host=…;Port=…;Username=…</c>: any that may be filled with databases.</summary>
    public const string ServerVariable = "ESIMFLY_TEST_POSTGRES";

    private const string AllVariable = "ESIMFLY_TESTS_ON_POSTGRES";

    private static readonly Lazy<string> Template = new(MakeTemplate);

    private static readonly ConcurrentDictionary<string, TestDatabase> OfFolders = new(StringComparer.Ordinal);

    private readonly string name = NewName();

    /// <summary>Makes the database.</summary>
    /// <param name="isEmpty">Whether it is as the server's administrator makes it, without any schema of the program's.</param>
    public TestDatabase(bool isEmpty = false)
    {
        RequiredTool.NeedVariable(ServerVariable, "no PostgreSQL server is named");
        Run($"CREATE DATABASE {name} TEMPLATE {(isEmpty ? "template0" : Template.Value)}");
        ConnectionString = To(name);
    }

    /// <summary>
    /// Whether the present test runs on PostgreSQL: its class says so, or all of them do, which finds out how much of the program works
    /// there.
    /// </summary>
    public static bool IsWanted =>
        string.Equals(Environment.GetEnvironmentVariable(AllVariable), "1", StringComparison.Ordinal)
        || (
            TestContext.Current.TestClass?.TestClassName is { } test
            && typeof(TestDatabase).Assembly.GetType(test)?.IsDefined(typeof(OnPostgresAttribute), inherit: false) == true
        );

    /// <summary>The database that belongs to a folder, for as long as the tests run.</summary>
    public static TestDatabase Of(string folder) => OfFolders.GetOrAdd(folder, static _ => new TestDatabase());

    /// <summary>What the program is given as <c>ConnectionStrings:Desk</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>The settings with which an app uses it.</summary>
    public IReadOnlyList<(string Key, string? Value)> Settings =>
        [("Storage:Provider", "Postgres"), ("ConnectionStrings:Desk", ConnectionString)];

    /// <summary>The server as the program opens it.</summary>
    public PostgresServer OpenServer() => Open(ConnectionString);

    /// <summary>Runs a statement in it.</summary>
    public void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a query in it and gives its first value.</summary>
    public T Scalar<T>(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!;
    }

    /// <inheritdoc/>
    public void Dispose() => Run($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    /// <summary>Drops what the run of the tests has made for itself.</summary>
    public static void End()
    {
        foreach (var database in OfFolders.Values)
        {
            database.Dispose();
        }

        if (Template.IsValueCreated)
        {
            Run($"DROP DATABASE IF EXISTS {Template.Value} WITH (FORCE)");
        }
    }

    private static string MakeTemplate()
    {
        var template = NewName();
        Run($"CREATE DATABASE {template} TEMPLATE template0 ENCODING 'UTF8'");
        var server = Open(To(template));
        new PostgresLogDatabase(server).Migrate();
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return template;
    }

    private static PostgresServer Open(string connectionString) =>
        new(
            new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Desk", connectionString)]).Build(),
            Options.Create(new StorageOptions()),
            TimeProvider.System
        );

    private static string NewName() => string.Create(CultureInfo.InvariantCulture, $"esimfly_test_{Guid.NewGuid():N}");

    private static string To(string database) => $"{Environment.GetEnvironmentVariable(ServerVariable)};Database={database}";

    private static void Run(string sql)
    {
        using var connection = new NpgsqlConnection(To("postgres") + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        command.ExecuteNonQuery();
    }
}
