using System.Net.Http.Headers;
using System.Text.Json;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;

namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>Looks at a data folder as a power cut has left it.</summary>
internal static class StateCheck
{
    /// <summary>The database that has every accepted delivery.</summary>
    public const string Database = "esimfly.db";

    /// <summary>The SHA-256 of the signed bytes of each accepted delivery.</summary>
    private const string AcceptedHashes = """SELECT "BodyHash" FROM "Log" """;

    /// <summary>Databases with nothing of their own: one that SQLite finds damaged must be made again by the application's start.</summary>
    private static readonly string[] Rebuilt = ["read-model.db"];

    private const string Token = "power-cut-token-0123456789-0123456789";
    private const int NoSuchTable = 1;

    /// <summary>What is wrong with the database, null for nothing; and what of <paramref name="expected"/> it has not.</summary>
    public static (string? Damage, List<SentDelivery> Lost) Look(string folder, IEnumerable<SentDelivery> expected)
    {
        var file = Path.Combine(folder, Database);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var damage = File.Exists(file) ? Damage(file, kept) : null;
        return (damage, [.. expected.Where(delivery => !kept.Contains(delivery.Hash))]);
    }

    /// <summary>Whether only the application's start can tell that the folder is good.</summary>
    public static bool NeedsStart(string folder) =>
        Rebuilt.Select(name => Path.Combine(folder, name)).Any(file => File.Exists(file) && Damage(file, kept: null) is not null);

    /// <summary>Starts the application on the folder: it must become ready, list every delivery, and open the last one's body.</summary>
    public static async Task StartAsync(string folder, List<SentDelivery> expected, string where)
    {
        using var app = new AppProcess(folder, environment: [("Api__Tokens__0__Name", "power-cut"), ("Api__Tokens__0__Token", Token)]);
        await app.BecomeReadyAsync();
        app.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var listed = new Dictionary<string, long>(StringComparer.Ordinal);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await ListAsync(app, listed);
                return expected.TrueForAll(delivery => listed.ContainsKey(delivery.Id));
            },
            $"all that was acknowledged is listed after a start: {where}"
        );
        if (expected is [.., var last])
        {
            // It opens only with the keys beside the database: they must have lasted too.
            using var delivery = await ReadAsync(app, $"/api/v1/deliveries/{listed[last.Id]}");
            Assert.Contains(last.Id, delivery.RootElement.GetProperty("body").GetRawText(), StringComparison.Ordinal);
        }
    }

    private static async Task ListAsync(AppProcess app, Dictionary<string, long> listed)
    {
        string? after = "";
        while (after is not null)
        {
            using var page = await ReadAsync(app, $"/api/v1/deliveries?limit=200&after={Uri.EscapeDataString(after)}");
            foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
            {
                listed[item.GetProperty("delivery_id").GetString()!] = item.GetProperty("id").GetInt64();
            }

            after = page.RootElement.GetProperty("next_cursor").GetString();
        }
    }

    private static async Task<JsonDocument> ReadAsync(AppProcess app, string path) =>
        JsonDocument.Parse(await app.Client.GetStringAsync(path, TestContext.Current.CancellationToken));

    private static string? Damage(string file, HashSet<string>? kept)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        try
        {
            connection.Open();
            Read(connection, "PRAGMA synchronous=OFF", _ => { }); // the state is thrown away
            var findings = new List<string>();
            Read(connection, "PRAGMA integrity_check", row => findings.Add(row.GetString(0)));
            if (findings is not ["ok"])
            {
                return string.Join("; ", findings);
            }

            if (kept is not null)
            {
                Read(connection, AcceptedHashes, row => kept.Add(Convert.ToHexString(row.GetFieldValue<byte[]>(0))));
            }

            return null;
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == NoSuchTable)
        {
            return null; // cut before the schema was there
        }
        catch (SqliteException fault)
        {
            return fault.Message;
        }
    }

    private static void Read(SqliteConnection connection, string sql, Action<SqliteDataReader> take)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            take(reader);
        }
    }
}
