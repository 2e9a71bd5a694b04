namespace EsimFly.Dashboard.Storage;

/// <summary>How the last write to the event log went. After a failed fsync it never recovers: the process ends.</summary>
internal partial class StorageHealth(string store, string effect, IHostApplicationLifetime lifetime, TimeProvider time, ILogger logger)
{
    /// <summary>The exit code of a process that ends because an fsync failed (EX_IOERR of sysexits.h).</summary>
    public const int ExitCode = 74;

    /// <summary>
    /// For so long a delivery that could not be stored counts, unless one is stored: a proxy that asks for readiness sends none until then.
    /// </summary>
    public static readonly TimeSpan AppendFaultLasts = TimeSpan.FromSeconds(10);

    private int fault;
    private volatile bool isOfAppend;
    private long failedAt;

    /// <summary>The health of the event log.</summary>
    public StorageHealth(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StorageHealth> logger)
        : this("log", "deliveries are answered 503", lifetime, time, logger) { }

    private long succeededAt;

    /// <summary>What is wrong at present.</summary>
    public StorageFault Fault => (StorageFault)Volatile.Read(ref fault);

    /// <summary>Whether a write reached the disk within the last second.</summary>
    public bool IsFresh =>
        Fault == StorageFault.None
        && Interlocked.Read(ref succeededAt) is not 0 and var at
        && time.GetElapsedTime(at) < TimeSpan.FromSeconds(1);

    /// <summary>
    /// A write succeeded. That a delivery could not be stored is over when one was; a smaller write, which shows little, ends it only some
    /// seconds later.
    /// </summary>
    public void Succeeded(bool isAppend)
    {
        Interlocked.Exchange(ref succeededAt, time.GetTimestamp());
        if (
            Fault is not (StorageFault.None or StorageFault.FsyncFailed)
            && (isAppend || !isOfAppend || time.GetElapsedTime(Interlocked.Read(ref failedAt)) >= AppendFaultLasts)
        )
        {
            Interlocked.Exchange(ref fault, (int)StorageFault.None);
            Log.Recovered(logger, store);
        }
    }

    /// <summary>A write failed.</summary>
    public void Failed(StorageFault newFault, Exception cause, bool isAppend = false)
    {
        int before;
        do
        {
            before = fault;
            if (newFault == StorageFault.None || before == (int)StorageFault.FsyncFailed)
            {
                return; // nothing takes the place of a failed fsync
            }
        } while (Interlocked.CompareExchange(ref fault, (int)newFault, before) != before);

        Interlocked.Exchange(ref failedAt, time.GetTimestamp());
        isOfAppend = isAppend || (isOfAppend && before != (int)StorageFault.None);
        if (before != (int)newFault)
        {
            Log.Failing(logger, store, newFault, effect, newFault.Words(), cause);
        }

        if (newFault == StorageFault.FsyncFailed)
        {
            Environment.ExitCode = ExitCode;
            lifetime.StopApplication();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "The {Store} store is failing ({Fault}); {Effect}. {Words}")]
        public static partial void Failing(ILogger logger, string store, StorageFault fault, string effect, string words, Exception cause);

        [LoggerMessage(2, LogLevel.Information, "The {Store} store works again.")]
        public static partial void Recovered(ILogger logger, string store);
    }
}

/// <summary>
/// The same for the read model: while it cannot be written, deliveries are received all the same and wait to be processed.
/// </summary>
internal sealed class ReadModelHealth(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ReadModelHealth> logger)
    : StorageHealth("read model", "deliveries wait to be processed", lifetime, time, logger);
