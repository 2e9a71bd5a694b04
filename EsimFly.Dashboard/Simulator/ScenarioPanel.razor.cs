using EsimFly.Dashboard.Components.Status;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace EsimFly.Dashboard.Simulator;

public sealed partial class ScenarioPanel
{
    private readonly Dictionary<string, Run> runs = new(StringComparer.Ordinal);
    private const int MostSteps = 50;

    private int pauseMs = 250;
    private int eachSecond = 20;
    private int seconds = 3;

    [Inject]
    private SimulatorActions Desk { get; set; } = default!;

    protected override Task LoadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void Dispose(bool disposing)
    {
        foreach (var run in runs.Values.Where(run => !run.IsOver))
        {
            run.Stop.Cancel();
        }

        base.Dispose(disposing);
    }

    private async Task PlayAsync(Scenario scenario)
    {
        using var stop = new CancellationTokenSource();
        var run = runs[scenario.Name] = new Run(stop);
        try
        {
            await TryAsync(async who =>
                run.Checks = await Desk.PlayAsync(who, scenario, TimeSpan.FromMilliseconds(pauseMs), new StepList(this, run), stop.Token)
            );
            run.Problem = run.Checks.Count == 0 ? "It stopped before its checks." : null;
        }
        catch (OperationCanceledException)
        {
            run.Problem = "It was stopped. What it had sent stays, as test data.";
        }

        run.IsOver = true;
    }

    /// <summary>A scenario that is or was played.</summary>
    private sealed class Run(CancellationTokenSource stop)
    {
        public CancellationTokenSource Stop { get; } = stop;

        public List<ScenarioProgress> Steps { get; } = [];

        public int StepCount { get; set; }

        public IReadOnlyList<ScenarioCheck> Checks { get; set; } = [];

        public string? Problem { get; set; }

        public bool IsOver { get; set; }
    }

    /// <summary>Shows each step as it is done; called on any thread.</summary>
    private sealed class StepList(ScenarioPanel panel, Run run) : IProgress<ScenarioProgress>
    {
        public void Report(ScenarioProgress value) =>
            _ = panel.InvokeAsync(() =>
            {
                if (run.Steps.Count == MostSteps)
                {
                    run.Steps.RemoveAt(0); // a burst has thousands
                }

                run.Steps.Add(value);
                run.StepCount++;
                if (run.StepCount < MostSteps || run.StepCount % MostSteps == 0)
                {
                    panel.StateHasChanged();
                }
            });
    }

    private static StatusLook LookOf(Run run) =>
        StatusLooks.OfOutcome(run.Checks.All(check => check.Holds), "As it should", "Not as it should");
}
