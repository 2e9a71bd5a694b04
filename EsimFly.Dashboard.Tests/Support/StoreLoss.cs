using System.Data.Common;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Postgres;
using EsimFly.Dashboard.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Takes stores away, as an accident would.</summary>
internal static class StoreLoss
{
    /// <summary>Keeps an app from writing to its log, as another process may, until it is disposed of.</summary>
    public static async Task<DbConnection> LockLogAsync(DashboardApp app)
    {
        DbConnection other = app.Database is { } database
            ? new NpgsqlConnection(database.ConnectionString + ";Pooling=false")
            : new SqliteConnection($"Data Source={Path.Combine(app.Folder, "esimfly.db")};Pooling=False");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = other.CreateCommand();
        command.CommandText = app.Database is null
            ? "BEGIN IMMEDIATE"
            : $"SELECT pg_advisory_lock({PostgresServer.LockOf(PostgresLock.LogWriter)})";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return other;
    }

    /// <summary>The read model of an installation whose apps are stopped.</summary>
    public static void OfReadModel(string folder)
    {
        if (TestDatabase.IsWanted)
        {
            TestDatabase.Of(folder).Execute($"DROP SCHEMA read_model_{ReadModelSchema.Version} CASCADE");
        }
        else
        {
            SqliteReadModelDatabase.Delete(Path.Combine(folder, "read-model.db"));
        }
    }
}
