using System.Data.Common;
using EsimFly.Dashboard.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>
/// The one way in which anything is written to a store: an asynchronous gate, one connection with its prepared statements, and one
/// transaction at a time. SQLite has one writer for each file, and its driver waits for a lock by sleeping; nobody here ever has to.
/// </summary>
internal abstract class StorageWriter(SqliteDatabase database, StorageHealth health) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private SqliteConnection? connection;
    private WriteTransaction? session;
    private bool isDisposed;

    /// <summary>Runs <paramref name="work"/> in a transaction of its own, which is on disk when the task completes.</summary>
    /// <exception cref="StorageUnavailableException">The storage failed or has failed before; nothing was written.</exception>
    public Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, CancellationToken cancellationToken) =>
        RunAsync(work, isAppend: false, cancellationToken);

    /// <summary>Keeps deliveries: the same as a write, but what the storage is there for. Only its success ends its own fault.</summary>
    /// <exception cref="StorageUnavailableException">The storage failed or has failed before; nothing was written.</exception>
    public Task AppendAsync(Action<WriteTransaction> work, CancellationToken cancellationToken) =>
        RunAsync(
            transaction =>
            {
                work(transaction);
                return true;
            },
            isAppend: true,
            cancellationToken
        );

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<WriteTransaction> work, CancellationToken cancellationToken) =>
        WriteAsync(
            transaction =>
            {
                work(transaction);
                return true;
            },
            cancellationToken
        );

    /// <summary>
    /// Lets <paramref name="save"/> write through a connection of its own, such as a context's, while nobody else writes.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The storage failed or has failed before.</exception>
    public async Task<T> SaveAsync<T>(Func<Task<T>> save, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RefuseAfterFailedFsync();
            return await save().ConfigureAwait(false);
        }
        catch (Exception fault)
            when (fault is DbUpdateException or DbException // a statement's error comes wrapped, that of BEGIN or COMMIT does not
                && SqliteDatabase.Classify(fault.GetBaseException()) is not StorageFault.None and var kind
            )
        {
            health.Failed(kind, fault);
            throw new StorageUnavailableException(kind, fault);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Works on the store's own connection between two transactions.</summary>
    /// <exception cref="StorageUnavailableException">The storage failed.</exception>
    public async Task MaintainAsync(Action<SqliteConnection> work, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Guard(() =>
            {
                work(connection ??= database.OpenForWriting());
                return true;
            });
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Moves the write-ahead log into the file and empties it, so that what was taken out of the file is not left in it.</summary>
    /// <exception cref="StorageUnavailableException">The storage failed.</exception>
    public Task EmptyJournalAsync(CancellationToken cancellationToken) => MaintainAsync(database.Truncate, cancellationToken);

    /// <summary>Works while nobody else can write.</summary>
    public async Task HoldAsync(Action work, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            work();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Closes the store's connection and works while nobody else can write; the next write opens it again.</summary>
    public async Task WhileClosedAsync(Action work, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CloseAsync().ConfigureAwait(false);
            work();
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
        isDisposed = true;
        gate.Release(); // those who still wait must learn of it; a semaphore that is disposed would keep them forever
        GC.SuppressFinalize(this);
    }

    private async Task<T> RunAsync<T>(Func<WriteTransaction, T> work, bool isAppend, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Guard(() => Write(work), isAppend);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (isDisposed)
        {
            gate.Release();
            throw new ObjectDisposedException(GetType().Name);
        }
    }

    private T Write<T>(Func<WriteTransaction, T> work)
    {
        connection ??= database.OpenForWriting();
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

    private T Guard<T>(Func<T> work, bool isAppend = false)
    {
        RefuseAfterFailedFsync();
        try
        {
            var result = work();
            health.Succeeded(isAppend);
            return result;
        }
        catch (DbException fault) when (SqliteDatabase.Classify(fault) is not StorageFault.None and var kind)
        {
            health.Failed(kind, fault, isAppend);
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
