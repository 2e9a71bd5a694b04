namespace EsimFly.Dashboard.Storage.Workers;

/// <summary>
/// A background worker with a loop of its own. Where the loop fails, that is logged and the loop is started again: nothing that a database
/// or a delivery does ends the process.
/// </summary>
internal abstract partial class RestartingWorker(TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly RepeatedFaults faults = new(time);

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>Works until the process stops. Called again where it throws.</summary>
    protected abstract Task WorkAsync(CancellationToken stoppingToken);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await WorkAsync(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                if (faults.IsToBeLogged(fault, out var times))
                {
                    Log.Restarted(logger, times, fault);
                }
            }

            await Task.Delay(Rest, Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A worker failed and is started again; failures since the last such line: {Times}.")]
        public static partial void Restarted(ILogger logger, int times, Exception fault);
    }
}
