using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// Makes reads asynchronous as far as SQLite allows. Its driver reads on the thread that asks, and would hold a page's dispatcher for
/// as long as the query takes: here each read moves to the thread pool first, and one that is cancelled is interrupted at once
/// (sqlite.org/c3ref/interrupt.html) instead of running to its end for nobody.
/// </summary>
internal sealed class InterruptibleReads : DbCommandInterceptor
{
    /// <summary>The one instance: it has no state of its own.</summary>
    public static readonly InterruptibleReads Instance = new();

    private readonly ConditionalWeakTable<DbCommand, Interruption> reading = [];

    /// <inheritdoc/>
    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        cancellationToken.ThrowIfCancellationRequested();
        if (cancellationToken.CanBeCanceled && command.Connection is SqliteConnection connection)
        {
            reading.AddOrUpdate(command, new Interruption(cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle))));
        }

        return result;
    }

    /// <inheritdoc/>
    public override InterceptionResult DataReaderDisposing(
        DbCommand command,
        DataReaderDisposingEventData eventData,
        InterceptionResult result
    )
    {
        End(command);
        return result;
    }

    /// <inheritdoc/>
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => End(command);

    /// <inheritdoc/>
    public override Task CommandFailedAsync(
        DbCommand command,
        CommandErrorEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        End(command);
        cancellationToken.ThrowIfCancellationRequested(); // what the caller waits for is a cancellation, not a fault of the storage
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void CommandCanceled(DbCommand command, CommandEndEventData eventData) => End(command);

    /// <inheritdoc/>
    public override Task CommandCanceledAsync(
        DbCommand command,
        CommandEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        End(command);
        return Task.CompletedTask;
    }

    // Waits for an interruption that is under way, so that none ever meets the connection's next use.
    private void End(DbCommand command)
    {
        if (reading.TryGetValue(command, out var interruption))
        {
            reading.Remove(command);
            interruption.Dispose();
        }
    }

    private sealed class Interruption(CancellationTokenRegistration registration) : IDisposable
    {
        public void Dispose() => registration.Dispose();
    }
}
