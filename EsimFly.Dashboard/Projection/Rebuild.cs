using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Works the whole log into a second read model, compares it with the one in use, table by table, and puts it in place where somebody
/// says so. Deliveries are received and folded meanwhile.
/// </summary>
internal sealed class Rebuild(
    ReadModelDatabase readModel,
    ReadModelWriter writer,
    BulkProjection bulk,
    ReadModelState state,
    ChangeNotifier notifier
) : IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);

    /// <summary>rebuilds the read model again and compares.</summary>
    /// <param name="apply">Whether to put the second file in the first one's place, where they differ.</param>
    /// <param name="progress">Hears how far it has got.</param>
    /// <param name="cancellationToken">Ends it; nothing is changed then.</param>
    /// <returns>What was compared and what differed.</returns>
    public async Task<RebuildReport> RunAsync(bool apply, IProgress<RebuildProgress>? progress, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => BuildAsync(apply, progress, cancellationToken), cancellationToken);
        }
        finally
        {
            readModel.Drop(ReadModelCopy.Second);
            one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    private async Task<RebuildReport> BuildAsync(bool apply, IProgress<RebuildProgress>? progress, CancellationToken cancellationToken)
    {
        using var carried = readModel.Measurements(copy: null);
        var reached = state.Position;
        bulk.Build(ReadModelCopy.Second, reached, carried, new Steps(progress), cancellationToken);

        RebuildReport report;
        using (var second = readModel.OpenCopy(ReadModelCopy.Second))
        {
            // While the writer is held, both reach the same position, and the view of the first is taken.
            var comparison = new ReadModelComparison(readModel, second);
            await writer.HoldAsync(
                () =>
                {
                    CatchUp(second, ref reached, carried, cancellationToken);
                    comparison.Begin(ReadModelCopy.Second);
                },
                cancellationToken
            );
            var found = comparison.Run(new Tables(progress), cancellationToken);
            report = new RebuildReport(found.Compared, found.Count, found.Differences, IsApplied: false);
        }

        if (!apply || report.DifferenceCount == 0)
        {
            return report;
        }

        progress?.Report(new(RebuildStep.Installing, 0, 0));
        await writer.WhileClosedAsync(
            () =>
            {
                using (var second = readModel.OpenCopy(ReadModelCopy.Second))
                {
                    CatchUp(second, ref reached, carried, cancellationToken);
                }

                carried.Dispose();
                readModel.Install(ReadModelCopy.Second);
            },
            cancellationToken
        );
        notifier.PublishEverything();
        return report with { IsApplied = true };
    }

    private void CatchUp(BulkReadModel second, ref long reached, CarriedOver carried, CancellationToken cancellationToken)
    {
        var position = readModel.IsShared ? readModel.Inspect()?.Seq ?? state.Position : state.Position; // another instance may move it
        if (position > reached)
        {
            bulk.Continue(second, reached, position, carried, progress: null, cancellationToken);
            reached = position;
        }
    }

    private sealed class Tables(IProgress<RebuildProgress>? progress) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => progress?.Report(new(RebuildStep.Comparing, value.Done, value.Total));
    }

    private sealed class Steps(IProgress<RebuildProgress>? progress) : IProgress<(long Done, long Total)>
    {
        public void Report((long Done, long Total) value) => progress?.Report(new(RebuildStep.Projecting, value.Done, value.Total));
    }
}

/// <summary>How far a rebuild has got.</summary>
/// <param name="Step">What it is doing.</param>
/// <param name="Done">How much of that is done: log entries, or tables.</param>
/// <param name="Total">Of how much; 0 where that is not known.</param>
internal readonly record struct RebuildProgress(RebuildStep Step, long Done, long Total);

/// <summary>What a rebuild does, in this order.</summary>
internal enum RebuildStep
{
    /// <summary>The log is projected into a second file.</summary>
    Projecting,

    /// <summary>Both files are compared.</summary>
    Comparing,

    /// <summary>The second file is put in the first one's place.</summary>
    Installing,
}
