using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Sees to it that there is a read model: one that is missing, damaged or of another version is derived from the log and put in place.
/// </summary>
internal sealed partial class ReadModelBuilder(
    ReadModelDatabase readModel,
    ReadModelWriter writer,
    ReadModelState state,
    BulkProjection bulk,
    ChangeNotifier notifier,
    ILogger<ReadModelBuilder> logger
)
{
    private readonly Lock gate = new();
    private (long AtMs, int Asked) nextRetry;
    private bool isDamaged;

    /// <summary>
    /// When the next delivery that failed is to be tried again, Unix milliseconds, or earlier; and how often that was asked for.
    /// </summary>
    public (long AtMs, int Asked) NextRetry
    {
        get
        {
            lock (gate)
            {
                return nextRetry;
            }
        }
    }

    /// <summary>A delivery is to be tried again at that time; null is passed over.</summary>
    public void RetryAt(long? atMs)
    {
        if (atMs is not { } at)
        {
            return;
        }

        lock (gate)
        {
            nextRetry = (Math.Min(at, nextRetry.AtMs), nextRetry.Asked + 1);
        }
    }

    /// <summary>All retries that were due have been tried; the next is due then.</summary>
    /// <param name="nextAtMs">When.</param>
    /// <param name="asked">What <see cref="NextRetry"/> had before that: a retry that was asked for meanwhile is not passed over.</param>
    public void LookedForRetries(long nextAtMs, int asked)
    {
        lock (gate)
        {
            if (nextRetry.Asked == asked)
            {
                nextRetry = (nextAtMs, asked);
            }
        }
    }

    /// <summary>The read model's file was found to be damaged while it is used: it is rebuilt.</summary>
    public void Damaged() => isDamaged = true;

    /// <summary>rebuilds the read model where it is needed; returns at once where it is not.</summary>
    /// <param name="beat">Called while it goes on.</param>
    /// <param name="cancellationToken">Ends it; it begins again with the next start.</param>
    public async Task EnsureAsync(Action beat, CancellationToken cancellationToken)
    {
        if (isDamaged || !readModel.Exists)
        {
            var reason = isDamaged ? "The read model was damaged." : "The read model was deleted.";
            var isLost = false;
            await writer.WhileClosedAsync(
                () =>
                {
                    // Asked again now that nobody else is at it: while a rebuilt file is put in its place, there is none for a moment.
                    isLost = isDamaged || !readModel.Exists;
                    if (isLost)
                    {
                        readModel.Replace(state.Epoch, isWhole: false, keepsMeasurements: false);
                    }
                },
                cancellationToken
            );
            isDamaged = false;
            if (isLost)
            {
                Log.Lost(logger, reason);
                state.Position = 0;
                state.Building = new(reason, 0, 0);
            }
        }

        if (state.Building is { } building)
        {
            Publish();
            await BuildAsync(building.Reason, beat, cancellationToken);
            RetryAt(0);
            Publish();
        }
    }

    private async Task BuildAsync(string reason, Action beat, CancellationToken cancellationToken)
    {
        using var carried = readModel.Measurements(ReadModelCopy.Previous);
        var report = new Reports(progress => Show(reason, progress, beat));
        await Task.Run(() => bulk.Build(ReadModelCopy.Building, bulk.Head, carried, report, cancellationToken), cancellationToken);
        await writer.WhileClosedAsync(() => readModel.Install(ReadModelCopy.Building), cancellationToken);
        carried.Dispose();
        readModel.Drop(ReadModelCopy.Previous);
        var mark = readModel.Inspect() ?? throw new InvalidOperationException("The rebuilt read model cannot be read.");
        state.Position = mark.Seq;
        state.Building = null;
        Log.Built(logger, mark.Seq, reason);
    }

    private void Show(string reason, (long Done, long Total) progress, Action beat)
    {
        beat();
        state.Building = new(reason, progress.Done, progress.Total);
        Publish();
    }

    // Everything may look different, and pages show how far it has got.
    private void Publish() => notifier.PublishEverything();

    private sealed class Reports(Action<(long Done, long Total)> report) : IProgress<(long Done, long Total)>
    {
        public void Report((long Done, long Total) value) => report(value);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Reason} This was noticed while the program runs. It is rebuilt from the log.")]
        public static partial void Lost(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "The read model was rebuilt from the log, up to entry {Seq}. {Reason}")]
        public static partial void Built(ILogger logger, long seq, string reason);
    }
}
