using System.Data.Common;
using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// Moves the write-ahead log of a store into its file, off the path of the commits: most of it beside the writer, the rest between two
/// transactions, after which the write-ahead log begins again and so stays small.
/// </summary>
internal abstract partial class Checkpointer(
    SqliteFile file,
    Func<long, bool> checkpoint,
    StorageWriter writer,
    StorageHealth health,
    long worthMoving,
    TimeProvider time,
    ILogger logger
) : PeriodicWorker(time, logger)
{
    /// <inheritdoc/>
    protected override TimeSpan UntilNext { get; } = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    protected override bool IsOn => health.Fault == StorageFault.None;

    /// <inheritdoc/>
    protected override async Task TickAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (checkpoint(worthMoving))
            {
                await writer.MaintainAsync(file.Restart, stoppingToken);
            }
        }
        catch (Exception fault) when (fault is DbException or TimeoutException)
        {
            health.Failed(SqliteFile.Classify(fault), fault);
            throw;
        }
    }
}

/// <summary>Checkpoints of the event log: small and often, since receiving waits for the last part of each.</summary>
internal sealed class LogCheckpointer(
    SqliteLogDatabase database,
    LogWriter writer,
    StorageHealth health,
    TimeProvider time,
    ILogger<LogCheckpointer> logger
) : Checkpointer(database.File, database.File.Checkpoint, writer, health, 32 * 1024 * 1024, time, logger);

/// <summary>Checkpoints of the read model: fewer, so that a page that changes often is moved once.</summary>
internal sealed class ReadModelCheckpointer(
    SqliteReadModelDatabase database,
    ReadModelWriter writer,
    ReadModelHealth health,
    TimeProvider time,
    ILogger<ReadModelCheckpointer> logger
) : Checkpointer(database.File, database.Checkpoint, writer, health, 128 * 1024 * 1024, time, logger);
