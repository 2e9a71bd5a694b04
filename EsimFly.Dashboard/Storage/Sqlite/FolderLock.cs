namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>Keeps a second process out of the same folder; the operating system lets go when this one ends, however it ends.</summary>
internal sealed class FolderLock(StoragePaths paths) : StorageLock
{
    private FileStream? file;

    /// <inheritdoc/>
    public override void Take()
    {
        if (!TryTake())
        {
            throw new StorageSetupException(
                $"Another process uses {paths.Root}. Stop it, or give this one a folder of its own with Storage:Directory."
            );
        }
    }

    /// <inheritdoc/>
    public override bool TryTake()
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
    public override void Prepared()
    {
        // Held until the end: the files are this process's alone.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file?.Dispose();
        }
    }
}
