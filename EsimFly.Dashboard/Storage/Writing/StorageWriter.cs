using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>
/// The one way in which anything is written: an asynchronous gate, one connection with its prepared commands, and one
/// transaction at a time. SQLite has one writer, and its driver waits for a lock by sleeping; nobody here ever has to.
/// </summary>
internal sealed class StorageWriter(SqliteStore store, StorageHealth health) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private DbConnection? connection;
    private WriteTransaction? session;

    /// <summary>Runs <paramref name="work"/> in a transaction of its own, which is on disk when the task completes.</summary>
    /// <exception cref="StorageUnavailableException">The storage failed or has failed before; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Guard(() => Write(work));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<WriteTransaction> work, CancellationToken cancellationToken) =>
        WriteAsync(
            transaction =>
            {
                work(transaction);
                return true;
            },
            cancellationToken);

    /// <summary>
    /// Lets <paramref name="save"/> write through a connection of its own, such as a context's, while nobody else writes.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The storage failed or has failed before.</exception>
    public async Task<T> SaveAsync<T>(Func<Task<T>> save, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RefuseAfterFailedFsync();
            return await save().ConfigureAwait(false);
        }
        catch (DbUpdateException fault) when (SqliteStore.Classify(fault.GetBaseException()) is not StorageFault.None and var kind)
        {
            health.Failed(kind, fault);
            throw new StorageUnavailableException(kind, fault);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Runs a statement of the store's own between two transactions.</summary>
    /// <exception cref="StorageUnavailableException">The storage failed.</exception>
    public async Task MaintainAsync(string sql, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Guard(() =>
            {
                connection ??= store.OpenForWriting();
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                return command.ExecuteNonQuery();
            });
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        gate.Dispose();
    }

    private T Write<T>(Func<WriteTransaction, T> work)
    {
        connection ??= store.OpenForWriting();
        session ??= new WriteTransaction(connection);
        session.Begin();
        try
        {
            var result = work(session);
            session.Commit();
            return result;
        }
        catch
        {
            session.RollBack();
            throw;
        }
    }

    // What the disk holds is unknown, and another try might seem to succeed.
    private void RefuseAfterFailedFsync()
    {
        if (health.Fault == StorageFault.FsyncFailed)
        {
            throw new StorageUnavailableException(StorageFault.FsyncFailed, cause: null);
        }
    }

    private T Guard<T>(Func<T> work)
    {
        RefuseAfterFailedFsync();
        try
        {
            var result = work();
            health.Succeeded();
            return result;
        }
        catch (DbException fault) when (SqliteStore.Classify(fault) is not StorageFault.None and var kind)
        {
            health.Failed(kind, fault);
            throw new StorageUnavailableException(kind, fault);
        }
    }

    private async ValueTask CloseAsync()
    {
        session?.Dispose();
        session = null;
        if (connection is not null)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            connection = null;
        }
    }
}
