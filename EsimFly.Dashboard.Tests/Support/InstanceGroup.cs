using System.Globalization;
using System.Net;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Several processes of the program on one PostgreSQL server, with one folder of keys.</summary>
internal sealed class InstanceGroup(PostgresProcess server) : IDisposable
{
    /// <summary>The administrator's e-mail address.</summary>
    public const string Administrator = "ada@example.com";

    private readonly TempFolder folder = new();

    /// <summary>Those that were started, by their names.</summary>
    public Dictionary<string, AppProcess> All { get; } = new(StringComparer.Ordinal);

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="databasePort">The port by which it reaches the server; null for the server's own.</param>
    public async Task<AppProcess> StartAsync(string name, int? databasePort = null)
    {
        var password = Path.Combine(folder.Path, "password");
        await File.WriteAllTextAsync(password, People.Password, TestContext.Current.CancellationToken);
        var app = new AppProcess(
            folder.Path,
            environment:
            [
                ("Storage__Provider", "Postgres"),
                ("Storage__InstanceName", name),
                ("ConnectionStrings__Desk", PostgresProcess.ToPort(databasePort ?? server.Port)),
                ("Api__Tokens__0__Name", "the tests"),
                ("Api__Tokens__0__Token", DashboardApp.ApiToken),
                ("EsimflyApi__BaseUrl", "http://127.0.0.1:9"),
                ("Webhooks__KnownProxies__0", "127.0.0.1"),
                ("Admin__Email", Administrator),
                ("Admin__PasswordFile", password),
            ]
        );
        All.Add(name, app);
        await app.BecomeReadyAsync();
        return app;
    }

    /// <summary>
    /// The instance that projects the log into the read model, as the database has it; null while there is none that is alive.
    /// </summary>
    public string? Projector() =>
        server.Query(
            """
            SELECT "Name" FROM log."Instances"
                WHERE "IsProjector" AND "SeenAtMs" > EXTRACT(EPOCH FROM clock_timestamp()) * 1000 - 3000 ORDER BY "SeenAtMs" DESC LIMIT 1
            """
        )
            is [var name]
            ? name
            : null;

    /// <summary>Waits until another one than the given does it.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> NextProjectorAsync(string? gone)
    {
        string? found = null;
        await Eventually.IsTrueAsync(
            () => (found = Projector()) is not null && !string.Equals(found, gone, StringComparison.Ordinal),
            "another instance takes over"
        );
        return found!;
    }

    /// <summary>Posts an order's first event to an instance.</summary>
    public static async Task<HttpStatusCode> PostAsync(HttpClient client, string orderId, CancellationToken cancellationToken)
    {
        using var request = Signing.Request(
            Samples.With("2025-11/order.created", data => (data["order_id"], data["order_reference"]) = (orderId, "ref-" + orderId))
        );
        using var response = await client.SendAsync(request, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>How many orders of those ids the read model has.</summary>
    public long OrdersInReadModel(string prefix) =>
        long.Parse(
            server.Query(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"SELECT COUNT(*) FROM {ReadModelName}.\"Orders\" WHERE \"OrderId\" LIKE '{prefix}%'"
                )
            )[0],
            CultureInfo.InvariantCulture
        );

    /// <summary>The schema of the desk.</summary>
    public static string ReadModelName { get; } =
        string.Create(CultureInfo.InvariantCulture, $"read_model_{EsimFly.Dashboard.Storage.ReadModelSchema.Version}");

    public void Dispose()
    {
        foreach (var app in All.Values)
        {
            app.Dispose();
        }

        folder.Dispose();
    }
}
