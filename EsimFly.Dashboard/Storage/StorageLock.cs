namespace EsimFly.Dashboard.Storage;

/// <summary>Lets one process at a time prepare the stores, and keeps others out where they cannot be shared.</summary>
internal abstract class StorageLock : IDisposable
{
    /// <summary>Takes it.</summary>
    /// <exception cref="StorageSetupException">Another process has it.</exception>
    public abstract void Take();

    /// <summary>Takes it; false where another process has it.</summary>
    public abstract bool TryTake();

    /// <summary>The stores are ready: others may come, where they can be shared.</summary>
    public abstract void Prepared();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go.</summary>
    protected abstract void Dispose(bool disposing);
}
