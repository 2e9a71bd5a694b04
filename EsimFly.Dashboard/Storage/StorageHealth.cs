namespace EsimFly.Dashboard.Storage;

/// <summary>What the last write said of the storage. After a failed fsync it never recovers: the process ends.</summary>
internal sealed partial class StorageHealth(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StorageHealth> logger)
{
    /// <summary>The exit code of a process that ends because an fsync failed (EX_IOERR of sysexits.h).</summary>
    public const int ExitCode = 74;

    private int fault;
    private long succeededAt;

    /// <summary>What is wrong at present.</summary>
    public StorageFault Fault => (StorageFault)Volatile.Read(ref fault);

    /// <summary>Whether a write reached the disk within the last second.</summary>
    public bool IsFresh => Fault == StorageFault.None
        && Interlocked.Read(ref succeededAt) is not 0 and var at
        && time.GetElapsedTime(at) < TimeSpan.FromSeconds(1);

    /// <summary>A write succeeded.</summary>
    public void Succeeded()
    {
        Interlocked.Exchange(ref succeededAt, time.GetTimestamp());
        if (Fault is not (StorageFault.None or StorageFault.FsyncFailed))
        {
            Interlocked.Exchange(ref fault, (int)StorageFault.None);
            Log.Recovered(logger);
        }
    }

    /// <summary>A write failed.</summary>
    public void Failed(StorageFault newFault, Exception cause)
    {
        if (newFault == StorageFault.None || Fault == StorageFault.FsyncFailed)
        {
            return;
        }

        if (Fault != newFault)
        {
            Log.Failing(logger, newFault, cause);
        }

        Interlocked.Exchange(ref fault, (int)newFault);
        if (newFault == StorageFault.FsyncFailed)
        {
            Environment.ExitCode = ExitCode;
            lifetime.StopApplication();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "Storage is failing ({Fault}); deliveries are answered 503.")]
        public static partial void Failing(ILogger logger, StorageFault fault, Exception cause);

        [LoggerMessage(2, LogLevel.Information, "Storage works again.")]
        public static partial void Recovered(ILogger logger);
    }
}
