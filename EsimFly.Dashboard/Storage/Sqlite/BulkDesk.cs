using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>A desk that is worked out beside the one in use, in a file of its own or in memory.</summary>
internal sealed class BulkDesk : IDisposable
{
    // With no thought for a crash: the file is thrown away then. Locked is this file alone, not one that it is compared with.
    private const string Settings = """
        PRAGMA main.journal_mode=MEMORY; PRAGMA main.synchronous=OFF; PRAGMA main.locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY;
        PRAGMA main.cache_size=-262144; PRAGMA main.secure_delete=ON;
        """;

    private readonly WriteTransaction session;

    private BulkDesk(SqliteConnection connection)
    {
        Connection = connection;
        session = new WriteTransaction(connection);
    }

    /// <summary>The connection, for what is not written within <see cref="Run"/>.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>Opens a desk file that nobody else uses.</summary>
    public static BulkDesk Open(string file)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Settings;
        command.ExecuteNonQuery();
        return new BulkDesk(connection);
    }

    /// <summary>Makes an empty desk in memory, with the indexes that the projection needs.</summary>
    public static BulkDesk InMemory()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        var desk = new BulkDesk(connection);
        desk.Run(static transaction => DeskSchema.CreateTables(transaction, epoch: ""));
        return desk;
    }

    /// <summary>Entities over the same connection.</summary>
    public DeskDbContext OpenContext() => new(new DbContextOptionsBuilder<DeskDbContext>().UseSqlite(Connection).Options);

    /// <summary>Runs work in a transaction.</summary>
    public void Run(Action<WriteTransaction> work)
    {
        session.Begin();
        try
        {
            work(session);
            session.Commit();
        }
        catch
        {
            session.RollBack();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Dispose();
        Connection.Dispose();
    }
}
