namespace EsimFly.Dashboard.Storage;

/// <summary>Keeps a second process out of the same folder; the operating system lets go when this one ends, however it ends.</summary>
internal sealed class StorageLock(StoragePaths paths) : IDisposable
{
    private FileStream? file;

    /// <summary>Takes the folder.</summary>
    /// <exception cref="StorageSetupException">Another process has it.</exception>
    public void Take()
    {
        if (!TryTake())
        {
            throw new StorageSetupException(
                $"Another process uses {paths.Root}. Stop it, or give this one a folder of its own with Storage:Directory."
            );
        }
    }

    /// <summary>Takes the folder; false where another process has it.</summary>
    public bool TryTake()
    {
        try
        {
            file = new FileStream(paths.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();
}
