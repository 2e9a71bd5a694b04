namespace EsimFly.Dashboard.Projection.Erasing;

/// <summary>With the start: ends erasures that were cut short, and repeats those that a restored backup does not know of.</summary>
internal sealed partial class ErasureSweep(Eraser eraser, ILogger<ErasureSweep> logger) : BackgroundService
{
    /// <summary>Whether it is needed.</summary>
    public bool IsDue { get; set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsDue)
        {
            return;
        }

        try
        {
            await eraser.SweepAsync(stoppingToken);
            Log.Swept(logger);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It begins again with the next start.
        }
        catch (Exception fault)
        {
            Log.Failed(logger, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The stores were gone through for what had been erased.")]
        public static partial void Swept(ILogger logger);

        [LoggerMessage(
            2,
            LogLevel.Error,
            "The stores could not be gone through for what had been erased; it is tried with the next start."
        )]
        public static partial void Failed(ILogger logger, Exception fault);
    }
}
