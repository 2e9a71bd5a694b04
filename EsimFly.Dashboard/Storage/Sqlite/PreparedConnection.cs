using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>Tells each connection of a context its settings as it is opened.</summary>
/// <param name="settings">PRAGMA statements.</param>
internal sealed class PreparedConnection(string settings) : DbConnectionInterceptor
{
    /// <inheritdoc/>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Prepare(connection);

    /// <inheritdoc/>
    public override Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Prepare(connection);
        return Task.CompletedTask;
    }

    private void Prepare(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = settings;
        command.ExecuteNonQuery();
    }
}
