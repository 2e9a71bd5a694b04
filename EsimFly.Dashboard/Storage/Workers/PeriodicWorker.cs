using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage.Workers;

/// <summary>
/// A background worker that looks again and again whether there is something to do: when it is woken, and at the latest after a while. A
/// look that fails is logged and made again; it never ends the process.
/// </summary>
internal abstract partial class PeriodicWorker(TimeProvider time, ILogger logger) : BackgroundService
{
    private readonly WakeSignal signal = new(time);
    private readonly RepeatedFaults faults = new(time);
    private volatile bool isDisposed;

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>How long after a look the next one is made, where nothing wakes it.</summary>
    protected abstract TimeSpan UntilNext { get; }

    /// <summary>How long after the start the first look is made.</summary>
    protected virtual TimeSpan AfterStart => TimeSpan.Zero;

    /// <summary>How long it rests after a look, however often it is woken.</summary>
    protected virtual TimeSpan Rest => TimeSpan.Zero;

    /// <summary>Whether this instance does the work at present.</summary>
    protected virtual bool IsOn => true;

    /// <summary>Looks at once.</summary>
    public void Wake() => signal.Wake();

    /// <inheritdoc/>
    public override void Dispose()
    {
        isDisposed = true;
        signal.Dispose();
        base.Dispose();
    }

    /// <summary>Does what there is to do.</summary>
    protected abstract Task TickAsync(CancellationToken stoppingToken);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield(); // the host starts meanwhile
            if (AfterStart > TimeSpan.Zero)
            {
                await signal.WaitAsync(AfterStart, stoppingToken);
            }

            while (true)
            {
                await TryTickAsync(stoppingToken);
                if (Rest > TimeSpan.Zero)
                {
                    await Task.Delay(Rest, Time, stoppingToken);
                }

                await signal.WaitAsync(UntilNext, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
        catch (ObjectDisposedException) when (isDisposed)
        {
            // The process could not start, and what was started goes with it.
        }
    }

    private async Task TryTickAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (IsOn)
            {
                await TickAsync(stoppingToken);
            }
        }
        catch (Exception fault) when (!isDisposed && !stoppingToken.IsCancellationRequested)
        {
            if (faults.IsToBeLogged(fault, out var times))
            {
                // A storage that is away is known: its stack says nothing.
                Log.Failed(logger, times, fault.Message, fault is StorageUnavailableException ? null : fault);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "This background work failed and is tried again; failures since the last such line: {Times}. {Reason}"
        )]
        public static partial void Failed(ILogger logger, int times, string reason, Exception? fault);
    }
}
