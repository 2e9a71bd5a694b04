using EsimFly.Dashboard.Storage.Workers;

namespace EsimFly.Dashboard.Projection.Erasing;

/// <summary>With the start: ends erasures that were cut short, and repeats those that a restored backup does not know of.</summary>
internal sealed partial class ErasureSweep(Eraser eraser, TimeProvider time, ILogger<ErasureSweep> logger) : RestartingWorker(time, logger)
{
    /// <summary>Whether it is needed.</summary>
    public bool IsDue { get; set; }

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        if (!IsDue)
        {
            return;
        }

        await eraser.SweepAsync(stoppingToken);
        Log.Swept(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The stores were gone through for what had been erased.")]
        public static partial void Swept(ILogger logger);
    }
}
