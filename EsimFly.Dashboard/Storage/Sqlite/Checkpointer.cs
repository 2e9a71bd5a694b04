using System.Data.Common;
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
) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (health.Fault != StorageFault.None)
            {
                continue;
            }

            try
            {
                if (checkpoint(worthMoving))
                {
                    await writer.MaintainAsync(file.Restart, stoppingToken).ConfigureAwait(false);
                }
            }
            catch (Exception fault) when (fault is DbException or TimeoutException)
            {
                health.Failed(SqliteFile.Classify(fault), fault);
                Log.CheckpointFailed(logger, fault);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Log.CheckpointFailed(logger, fault);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The write-ahead log could not be moved into the database; it is tried again.")]
        public static partial void CheckpointFailed(ILogger logger, Exception fault);
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
