using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Storage.Sqlite;

/// <summary>The store of each earlier version is opened with nothing lost, from a copy of one that that version wrote.</summary>
public sealed class UpgradeTests : IDisposable
{
    private const string FirstMigration = "20261127010852_KeepInstances";

    // What was measured (durations, when a delivery was processed) is in the read model alone.
    private static readonly string[] OfReadModel =
    [
        """
            SELECT "Seq", "IsTest", hex("BodyHash"), "DeliveryId", "EventName", "ReceivedAtMs", "State", "ProcessedAtMs", "Arrivals"
            FROM "Deliveries" ORDER BY "Seq"
            """,
        """SELECT "DeliverySeq", "ReceivedAtMs", "Status", "DurationUs", "DeliveryId" FROM "Arrivals" ORDER BY "DeliverySeq", "Id" """,
        """SELECT "OrderKey", "Status", "PackageName", "Amount", "ErrorCode", "EsimCount", "Flags" FROM "Orders" ORDER BY "OrderKey" """,
        """SELECT "Iccid", "OrderKey", "PlanStatus", "ProfileStatus", "ExpiresAtMs", "Flags" FROM "Esims" ORDER BY "Iccid" """,
        """SELECT "DeliverySeq", "Iccid", "Succeeded", "NewExpiryMs", "ErrorCode" FROM "TopUps" ORDER BY "DeliverySeq" """,
    ];

    private readonly TempFolder folder = new();

    private string LogFile => Path.Combine(folder.Path, "esimfly.db");

    private string ReadModelFile => Path.Combine(folder.Path, "read-model.db");

    private string EarlierReadModelFile => Path.Combine(folder.Path, "desk.db");

    public static TheoryData<string> Versions =>
        [.. Directory.GetDirectories(Samples.PathOf("stores")).Select(static path => Path.GetFileName(path))];

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Start_OnTheStoreOfAnEarlierVersion_ShowsTheSame(string version)
    {
        Copy(Samples.PathOf($"stores/{version}"), folder.Path);
        var before = Read(File.Exists(EarlierReadModelFile) ? EarlierReadModelFile : ReadModelFile);
        Assert.All(before, Assert.NotEmpty);

        await using var app = new DashboardApp(folder: folder.Path);
        await app.SettleAsync();

        Assert.Equal(before, Read(ReadModelFile));
        Assert.Empty(Directory.GetFiles(folder.Path, "desk*"));
        Assert.Empty(Directory.GetFiles(folder.Path, "*previous*"));
        var check = await app.Get<Rebuild>().RunAsync(apply: false, progress: null, TestContext.Current.CancellationToken);
        Assert.NotEqual(0, check.Compared);
        Assert.Empty(check.Differences);
        await app.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", static data => data["order_id"] = "ORD-NEW")));
        await app.SettleAsync();
        Assert.Equal(before[2].Count + 1, Read(ReadModelFile)[2].Count);
    }

    [Theory]
    [InlineData($"DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = '{FirstMigration}'")] // before the last one
    [InlineData("CREATE TABLE \"Deliveries\" (\"Seq\" INTEGER)")] // its own upgrade was not finished
    public void Start_OnAStoreThatIsTooOld_SaysWhichVersionToStartFirst(string sql)
    {
        Copy(Samples.PathOf("stores/0.9"), folder.Path);
        using (var log = new SqliteConnection($"Data Source={LogFile};Pooling=false"))
        {
            log.Open();
            using var command = log.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        var options = Options.Create(new StorageOptions { Directory = folder.Path });

        var fault = Assert.Throws<StorageSetupException>(new SqliteLogDatabase(new StoragePaths(options), options).Migrate);

        Assert.Contains("Start the last version before 1.0.0", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_OnAFileThatWasTruncated_IsRefused()
    {
        File.WriteAllBytes(LogFile, []);
        var options = Options.Create(new StorageOptions { Directory = folder.Path });

        Assert.True(new SqliteLogDatabase(new StoragePaths(options), options).IsEmptied);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static List<List<string>> Read(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false");
        connection.Open();
        return [.. OfReadModel.Select(sql => Rows(connection, sql))];
    }

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return rows;
    }
}
