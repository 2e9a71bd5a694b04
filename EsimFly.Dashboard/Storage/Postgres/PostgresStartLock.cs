using Npgsql;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>Lets one instance at a time prepare the stores: migrate, make the first keys, see to the desk.</summary>
internal sealed class PostgresStartLock(PostgresServer server) : StorageLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10); // another may migrate a large store

    private NpgsqlConnection? connection;

    /// <inheritdoc/>
    public override void Take()
    {
        connection = server.Open(PostgresServer.LogSchema, "", Patience);
        using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({PostgresServer.LockOf(PostgresLock.Start)})", connection);
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override bool TryTake()
    {
        Take();
        return true;
    }

    /// <inheritdoc/>
    public override void Prepared() => Dispose();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection?.Dispose();
            connection = null;
        }
    }
}
