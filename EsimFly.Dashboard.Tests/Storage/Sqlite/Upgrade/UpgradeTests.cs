using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Storage.Sqlite.Upgrade;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace EsimFly.Dashboard.Tests.Storage.Sqlite.Upgrade;

/// <summary>A store of the version before the log is brought over with nothing lost, from a copy of one that that version made.</summary>
public sealed class UpgradeTests : IDisposable
{
    // What was dead is tried once more where the desk is worked out, and this one can be folded.
    private const string Deliveries = """
        SELECT "Seq", "IsTest", hex("BodyHash"), "DeliveryId", "Contract", "SignedForm", "SecretId", "EventName", "BodyBytes",
            "ReceivedAtMs", CASE "State" WHEN 3 THEN 1 ELSE "State" END, "ProcessedAtMs",
            CASE "State" WHEN 4 THEN "Error" END, "Flags", "Arrivals"
        FROM "Deliveries" ORDER BY "Seq"
        """;

    private const string Arrivals = """
        SELECT "DeliverySeq", "ReceivedAtMs", "Status", "DurationUs", "Address", "DeliveryId"
        FROM "Arrivals" ORDER BY "DeliverySeq", "Id"
        """;

    private const string Tries = """SELECT "DeliverySeq", "AtMs", "Error", "NextTryAtMs" FROM "FailedTries" ORDER BY "Id" """;

    private const string Events = """
        SELECT "DeliverySeq", "Type", "OccurredAtMs", "OrderId", "OrderReference", "OrderKey", "Facts"
        FROM "Events" ORDER BY "DeliverySeq"
        """;

    private const string Orders = """
        SELECT "IsTest", "OrderKey", "Status", "PackageName", "Quantity", "Amount", "ErrorCode", "CreatedAtMs", "CompletedAtMs",
            "FailedAtMs", "EsimCount", "Flags"
        FROM "Orders" ORDER BY "IsTest", "OrderKey"
        """;

    private const string Esims = """
        SELECT "IsTest", "Iccid", "OrderKey", "PlanStatus", "ProfileStatus", "ActivatedAtMs", "ExpiresAtMs", "ExpiredAtMs", "DataUsedGb",
            "Flags"
        FROM "Esims" ORDER BY "IsTest", "Iccid"
        """;

    private const string TopUps =
        """SELECT "DeliverySeq", "Iccid", "Succeeded", "Amount", "NewExpiryMs", "ErrorCode" FROM "TopUps" ORDER BY "DeliverySeq" """;

    private const string Readings =
        """SELECT "DeliverySeq", "Balance", "Threshold", "OccurredAtMs" FROM "BalanceReadings" ORDER BY "DeliverySeq" """;

    private static readonly string[] OfDesk = [Deliveries, Arrivals, Tries, Events, Orders, Esims, TopUps, Readings];

    private static readonly string[] OfLog =
    [
        """SELECT "Id", "AtMs", "Actor", "Action", "Subject", "Detail" FROM "Audit" ORDER BY "Id" LIMIT 6""",
        """SELECT "Id", "Email", "PasswordHash" FROM "Accounts" """,
        """SELECT "Kind", "Key", "RaisedAtMs", "Facts" FROM "Alerts" WHERE "Id" = 1""",
        """SELECT "Id", "Label", hex("SealedSecret") FROM "SigningSecrets" ORDER BY "Id" """,
    ];

    private readonly TempFolder folder = new();

    public UpgradeTests()
    {
        var from = Path.Combine(AppContext.BaseDirectory, "Samples", "store-before-the-log");
        Directory.CreateDirectory(Path.Combine(folder.Path, "keys"));
        File.Copy(Path.Combine(from, "esimfly.db"), LogFile);
        foreach (var key in Directory.GetFiles(Path.Combine(from, "keys")))
        {
            File.Copy(key, Path.Combine(folder.Path, "keys", Path.GetFileName(key)));
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string LogFile => Path.Combine(folder.Path, "esimfly.db");

    private string DeskFile => Path.Combine(folder.Path, "desk.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    [Fact]
    public async Task Start_OnAStoreBeforeTheLog_BringsEverythingOver()
    {
        var (desk, log) = (Read(LogFile, OfDesk), Read(LogFile, OfLog));

        await using var app = new DashboardApp(folder: folder.Path);
        await app.SettleAsync();

        AssertEqual(desk, Read(DeskFile, OfDesk));
        AssertEqual(log, Read(LogFile, OfLog));
        Assert.Empty((await app.Get<Rebuild>().RunAsync(apply: false, progress: null, Token)).Differences);
        var (code, _) = await app.Get<CodeReveal>()
            .RevealAsync(await app.JoinAsync(AccountRole.Admin), "8901234567890123456", isTest: false, Token);
        Assert.NotNull(code); // its body was emptied, and its event had the code
        Assert.Equal(
            ["0"],
            Read(LogFile, ["""SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('Deliveries', 'Arrivals', 'Events', 'Orders')"""])[0]
        );

        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = "ORD-NEW")));
        await app.SettleAsync();
        await using var context = app.OpenDesk();
        var (last, latest) = (desk[0].Count, await context.Deliveries.OrderByDescending(row => row.Seq).FirstAsync(Token));
        Assert.Equal(last + 1, await context.Deliveries.CountAsync(Token)); // the first is known by its event, though its body is gone
        Assert.True(latest.Seq > 232);
    }

    [Fact]
    public async Task Transfer_InterruptedAfterEachPiece_GoesOnAndEndsTheSame()
    {
        var before = Read(LogFile, OfDesk);
        var interrupted = 0;
        while (true)
        {
            await using var provider = Prepare();
            using var stop = new CancellationTokenSource();
            var pieces = 0;
            try
            {
                await Transfer(provider)
                    .RunAsync(
                        _ =>
                        {
                            if (++pieces == 3)
                            {
                                stop.Cancel();
                            }
                        },
                        stop.Token
                    );
                break;
            }
            catch (OperationCanceledException)
            {
                interrupted++;
            }
        }

        Assert.InRange(interrupted, 5, 100);
        SqliteConnection.ClearAllPools();
        await using var app = new DashboardApp(folder: folder.Path);
        await app.SettleAsync();
        AssertEqual(before, Read(DeskFile, OfDesk));
    }

    [Fact]
    public async Task Deliveries_ThatComeDuringTheTransfer_AreReceivedAndNumberedAfterTheOldOnes()
    {
        await using (var provider = Prepare())
        {
            var head = await provider.GetRequiredService<LogEntries>().HeadAsync(Token);
            Assert.True(head > 27 + 232); // all old numbers are kept free before anything is brought over
        }

        await using var app = new DashboardApp(folder: folder.Path);
        await app.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = "ORD-NEW")));
        await app.SettleAsync();

        await using var context = app.OpenDesk();
        Assert.Equal(28, await context.Deliveries.CountAsync(Token));
        Assert.True(await context.Orders.AnyAsync(row => row.OrderId == "ORD-NEW", Token));
    }

    private ServiceProvider Prepare()
    {
        var services = new ServiceCollection();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Storage:Directory", folder.Path)]).Build();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IHostApplicationLifetime>(new TestStore.NoLifetime());
        services.AddLogging();
        services.AddStorage(configuration);
        var provider = services.BuildServiceProvider();
        provider.PrepareStorage();
        return provider;
    }

    private static LegacyTransfer Transfer(ServiceProvider provider) =>
        new(
            provider.GetRequiredService<SqliteLogDatabase>(),
            provider.GetRequiredService<LogWriter>(),
            provider.GetRequiredService<StoragePaths>(),
            provider.GetRequiredService<StorageSpace>(),
            provider.GetRequiredService<Sealer>(),
            TimeProvider.System,
            NullLogger<LegacyTransfer>.Instance
        )
        {
            AtOnce = 4,
        };

    private static List<List<string>> Read(string file, string[] queries)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return
        [
            .. queries.Select(sql =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                using var reader = command.ExecuteReader();
                var rows = new List<string>();
                while (reader.Read())
                {
                    rows.Add(
                        string.Join(
                            " | ",
                            Enumerable
                                .Range(0, reader.FieldCount)
                                .Select(column => reader.IsDBNull(column) ? "–" : reader.GetString(column))
                        )
                    );
                }

                return rows;
            }),
        ];
    }

    private static void AssertEqual(List<List<string>> expected, List<List<string>> actual)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.NotEmpty(expected[i]);
            Assert.Equal(expected[i], actual[i]);
        }
    }
}
