using System.Data.Common;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>
/// Moves the write-ahead log into the database, off the path of the commits: most of it beside the writer, the rest between
/// two transactions, after which the log begins anew and so stays small.
/// </summary>
internal sealed partial class Checkpointer(SqliteStore store, StorageWriter writer, StorageHealth health, TimeProvider time, ILogger<Checkpointer> logger)
    : BackgroundService
{
    private const long LogBytesWorthMoving = 32 * 1024 * 1024;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (store.LogBytes < LogBytesWorthMoving || health.Fault != StorageFault.None)
            {
                continue;
            }

            try
            {
                store.Checkpoint();
                await writer.MaintainAsync(SqliteStore.TruncateLog, stoppingToken).ConfigureAwait(false);
            }
            catch (DbException fault)
            {
                health.Failed(SqliteStore.Classify(fault), fault);
                Log.CheckpointFailed(logger, fault);
            }
            catch (StorageUnavailableException fault)
            {
                Log.CheckpointFailed(logger, fault);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The write-ahead log could not be moved into the database; it is tried again.")]
        public static partial void CheckpointFailed(ILogger logger, Exception fault);
    }
}
