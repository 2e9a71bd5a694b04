using System.Globalization;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Projection;

namespace EsimFly.Dashboard.Desk.Deliveries;

public sealed partial class RebuildPage
{
    private CancellationTokenSource? stop;
    private RebuildReport? report;
    private RebuildProgress at;
    private SelfCheckResult? check;
    private bool isChecking;

    private double Percent => at.Total == 0 ? 0 : Math.Min(100, at.Done * 100.0 / at.Total);

    private string StepWords =>
        at.Step switch
        {
            RebuildStep.Projecting => string.Create(CultureInfo.InvariantCulture, $"{at.Done:#,0} of {at.Total:#,0} log entries applied"),
            RebuildStep.Comparing => string.Create(CultureInfo.InvariantCulture, $"Comparing, table {at.Done + 1} of {at.Total}"),
            _ => "Putting it in place",
        };

    private string CheckWords =>
        check switch
        {
            null => isChecking ? "Checking…" : "",
            { Differing.Count: 0 } => string.Create(
                CultureInfo.InvariantCulture,
                $"{check.Subjects} orders and eSIMs checked, no differences."
            ),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{check.Differing.Count} of {check.Subjects} differ: {string.Join(", ", check.Differing.Select(JsonText.MakeVisible))}."
            ),
        };

    private string Heading =>
        report switch
        {
            { DifferenceCount: 0 } => "No differences",
            { IsApplied: true, DifferenceCount: var count } => $"{count} differences, mended",
            { DifferenceCount: 1 } => "1 difference",
            _ => $"{report!.DifferenceCount} differences",
        };

    protected override Task LoadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void Dispose(bool disposing)
    {
        stop?.Cancel();
        base.Dispose(disposing);
    }

    private async Task RunAsync(bool apply)
    {
        using var own = stop = new CancellationTokenSource();
        (at, report) = (default, apply ? report : null);
        StateHasChanged();
        try
        {
            await TryAsync(async who => report = await Actions.RunAsync(who, apply, new Counter(this), own.Token));
        }
        catch (OperationCanceledException)
        {
            Warn("It was cancelled. Nothing was changed.");
        }
        finally
        {
            stop = null;
        }
    }

    private async Task CheckAsync()
    {
        (isChecking, check) = (true, null);
        await TryAsync(async who => check = await Actions.CheckAsync(who, CancellationToken.None));
        isChecking = false;
    }

    /// <summary>Shows how far it is; called on any thread.</summary>
    private sealed class Counter(RebuildPage page) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) =>
            _ = page.InvokeAsync(() =>
            {
                page.at = value;
                page.StateHasChanged();
            });
    }
}
