using System.Data.Common;

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
            return Write(work);
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        gate.Dispose();
    }

    private T Write<T>(Func<WriteTransaction, T> work)
    {
        if (health.Fault == StorageFault.FsyncFailed)
        {
            throw new StorageUnavailableException(StorageFault.FsyncFailed, cause: null);
        }

        try
        {
            connection ??= store.OpenForWriting();
            session ??= new WriteTransaction(connection);
            session.Begin();
            T result;
            try
            {
                result = work(session);
                session.Commit();
            }
            catch
            {
                session.RollBack();
                throw;
            }

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
