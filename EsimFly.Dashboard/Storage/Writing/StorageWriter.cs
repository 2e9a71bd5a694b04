using System.Data.Common;
using EsimFly.Dashboard.Storage.Workers;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>
/// The one way in which anything is written to a store: an asynchronous gate, one connection with its prepared statements, and one
/// transaction at a time, among all processes that use the store. SQLite has one writer for each file, and its driver waits for a lock
/// by sleeping; nobody here ever has to.
/// </summary>
internal abstract class StorageWriter(StoreDatabase database, StorageHealth health) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private WriteTransaction? session;
    private bool isDisposed;

    /// <summary>Runs <paramref name="work"/> in a transaction of its own, which is kept when the task completes.</summary>
    /// <exception cref="StorageUnavailableException">The storage failed or has failed before; nothing was written.</exception>
    public Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, CancellationToken cancellationToken) =>
        Detached.RunAsync(() => RunAsync(work, isAppend: false, cancellationToken));

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
    /// Lets <paramref name="save"/> write through a connection of its own, such as a context's, while nobody else in this process writes.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The storage failed or has failed before.</exception>
    public Task<T> SaveAsync<T>(Func<Task<T>> save, CancellationToken cancellationToken) =>
        Detached.RunAsync(() => SaveAloneAsync(save, cancellationToken));

    private async Task<T> SaveAloneAsync<T>(Func<Task<T>> save, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        try
        {
            RefuseAfterFailedFsync();
            return await save();
        }
        catch (Exception fault)
            when (fault is DbUpdateException or DbException // a statement's error comes wrapped, that of BEGIN or COMMIT does not
                && database.Classify(fault.GetBaseException()) is not StorageFault.None and var kind
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
    public Task MaintainAsync(Action<SqlSession> work, CancellationToken cancellationToken) =>
        Detached.RunAsync(() => MaintainAloneAsync(work, cancellationToken));

    private async Task MaintainAloneAsync(Action<SqlSession> work, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        try
        {
            Guard(() =>
            {
                Open().Maintain(work);
                return true;
            });
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Sees to it that what was taken out of the store is in no journal of it either, as far as that is in its power.</summary>
    /// <exception cref="StorageUnavailableException">The storage failed.</exception>
    public Task EmptyJournalAsync(CancellationToken cancellationToken) => MaintainAsync(database.EmptyJournal, cancellationToken);

    /// <summary>Works while nobody else can write, in no other process either.</summary>
    public Task HoldAsync(Action work, CancellationToken cancellationToken) =>
        Detached.RunAsync(() => AloneAsync(work, closes: false, cancellationToken));

    /// <summary>The same, so that the store can be replaced: this writer has nothing open of it. The next write opens it again.</summary>
    public Task WhileClosedAsync(Action work, CancellationToken cancellationToken) =>
        Detached.RunAsync(() => AloneAsync(work, closes: true, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        Close();
        isDisposed = true;
        gate.Release(); // those who still wait must learn of it; a semaphore that is disposed would keep them forever
        GC.SuppressFinalize(this);
    }

    private async Task AloneAsync(Action work, bool closes, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        try
        {
            if (database.IsShared)
            {
                Open().Hold(work); // replaced is what the names stand for, so nothing has to be closed
                return;
            }

            if (closes)
            {
                Close();
            }

            work();
        }
        catch (Exception fault) when (database.IsShared && database.Classify(fault) != StorageFault.None)
        {
            Close();
            throw;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<T> RunAsync<T>(Func<WriteTransaction, T> work, bool isAppend, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        try
        {
            return Guard(() => Open().Run(work), isAppend);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        if (isDisposed)
        {
            gate.Release();
            throw new ObjectDisposedException(GetType().Name);
        }
    }

    private WriteTransaction Open() => session ??= new WriteTransaction(database.OpenForWriting());

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
        catch (Exception fault) when (database.Classify(fault) is not StorageFault.None and var kind)
        {
            if (database.IsShared)
            {
                Close(); // its connection may be broken; the next write opens another
            }

            health.Failed(kind, fault, isAppend);
            throw new StorageUnavailableException(kind, fault);
        }
    }

    private void Close()
    {
        session?.Dispose();
        session = null;
    }
}
