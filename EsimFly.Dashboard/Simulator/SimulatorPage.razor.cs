using System.Globalization;
using System.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Simulator;

/// <summary>"Does our set-up work?": a test button for each event, and scenarios that check themselves.</summary>
public sealed partial class SimulatorPage
{
    private const int MostSent = 10;

    private static readonly EventType[] Order =
    [
        EventType.OrderCreated, EventType.OrderCompleted, EventType.OrderFailed, EventType.EsimProvisioned, EventType.EsimInstalled, EventType.EsimProfileUpdated,
        EventType.EsimActivated, EventType.EsimStatusChanged, EventType.EsimUsageThreshold, EventType.EsimExpired, EventType.TopUpCompleted, EventType.TopUpFailed, EventType.BalanceLow,
    ];

    private readonly List<Sent> sent = [];
    private readonly Dictionary<string, Run> runs = new(StringComparer.Ordinal);
    private IReadOnlyList<SimulatedSubject> subjects = [];
    private SimulatedSubject? chosenSubject;
    private EventType? editing;
    private string body = "";
    private string eventHeader = "";
    private ContractVersion contract;
    private SignedForm form = SignedForm.RawBody;
    private int pauseMs = 250;
    private int testCount;
    private int deleted;
    private CancellationTokenSource? deleting;

    [Inject]
    private SimulatorDesk Desk { get; set; } = default!;

    [Inject]
    private TestData TestData { get; set; } = default!;

    private string? JsonProblem => SignedBytes.IsJson(Encoding.UTF8.GetBytes(body)) ? null : "This is not JSON: it will be kept and quarantined, and can be signed as it is sent only.";

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Delivery, Topic.Order);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        subjects = await Desk.SubjectsAsync(cancellationToken);
        testCount = await TestData.CountAsync(cancellationToken);
        foreach (var item in sent.Where(item => item.Trace is not { State: DeliveryState.Processed or DeliveryState.Quarantined or DeliveryState.Dead }))
        {
            item.Trace = await Desk.TraceAsync(item.Request.DeliveryId, cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var run in runs.Values.Where(run => !run.IsOver))
        {
            run.Stop.Cancel();
        }

        deleting?.Cancel();
        base.Dispose(disposing);
    }

    // What became of it, as far as it has come: the step after the last that is done is the one that is waited for.
    private static IEnumerable<(string Word, string Detail, bool IsDone, bool IsBad)> Steps(Sent item)
    {
        yield return ("Sent", $"{Encoding.UTF8.GetByteCount(item.Request.Body).ToString("#,0", CultureInfo.InvariantCulture)} bytes", true, false);
        if (item.Answer is not { } answer)
        {
            yield return ("Answered", "", false, false);
            yield break;
        }

        var ms = answer.Duration.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
        yield return ("Answered", answer.Problem ?? string.Create(CultureInfo.InvariantCulture, $"{answer.Status} in {ms} ms"), answer.Status == StatusCodes.Status200OK, answer.Status != StatusCodes.Status200OK);
        if (answer.Status != StatusCodes.Status200OK)
        {
            yield break;
        }

        var trace = item.Trace;
        yield return ("Stored", trace is null ? "" : $"no. {trace.Seq}", trace is not null, false);
        yield return trace?.State switch
        {
            DeliveryState.Processed => ("Processed", $"{trace.ProcessedAfterMs} ms after it came", true, false),
            DeliveryState.Quarantined or DeliveryState.Dead => ("Processed", trace.Error ?? "", false, true),
            _ => ("Processed", "", false, false),
        };
        yield return ("Shown", trace?.State == DeliveryState.Processed ? "on every open page" : "", trace?.State == DeliveryState.Processed, false);
    }

    private void ChooseSubject(string? orderId)
    {
        chosenSubject = subjects.FirstOrDefault(subject => string.Equals(subject.OrderId, orderId, StringComparison.Ordinal));
        if (editing is { } type)
        {
            Edit(type);
        }
    }

    private void Edit(EventType type)
    {
        editing = type;
        contract = SimulatedEvents.ContractOf(type);
        form = SignedForm.RawBody;
        eventHeader = type.Name();
        body = SimulatedEvents.Body(type, chosenSubject ?? SimulatedSubject.New(Random.Shared), DateTimeOffset.FromUnixTimeMilliseconds(Clock.NowMs));
    }

    private Task TestAsync(EventType type) => SendAsync(new SimulatedRequest
    {
        Body = SimulatedEvents.Body(type, chosenSubject ?? SimulatedSubject.New(Random.Shared), DateTimeOffset.FromUnixTimeMilliseconds(Clock.NowMs)),
        Contract = SimulatedEvents.ContractOf(type),
        EventHeader = type.Name(),
    });

    private Task SendEditedAsync() => SendAsync(new SimulatedRequest
    {
        Body = body,
        Contract = contract,
        Form = form,
        EventHeader = string.IsNullOrWhiteSpace(eventHeader) ? null : eventHeader.Trim(),
    });

    private async Task SendAsync(SimulatedRequest request)
    {
        var item = new Sent(request, Clock.NowMs);
        sent.Insert(0, item);
        if (sent.Count > MostSent)
        {
            sent.RemoveAt(MostSent);
        }

        StateHasChanged();
        try
        {
            if (!await TryAsync(async who => item.Answer = await Desk.SendAsync(who, request, CancellationToken.None)))
            {
                sent.Remove(item);
                return;
            }
        }
        catch (FormatException fault)
        {
            sent.Remove(item);
            Warn(fault.Message);
            return;
        }

        await ReloadAsync();
    }

    private async Task PlayAsync(Scenario scenario)
    {
        using var stop = new CancellationTokenSource();
        var run = runs[scenario.Name] = new Run(stop);
        var progress = new StepList(this, run);
        try
        {
            await TryAsync(async who => run.Checks = await Desk.PlayAsync(who, scenario, TimeSpan.FromMilliseconds(pauseMs), progress, stop.Token));
            run.Problem = run.Checks.Count == 0 ? "It did not come to its checks." : null;
        }
        catch (OperationCanceledException)
        {
            run.Problem = "It was stopped. What it had sent stays, as test data.";
        }

        run.IsOver = true;
    }

    private async Task DeleteAsync()
    {
        using var own = deleting = new CancellationTokenSource();
        deleted = 0;
        var progress = new Counter(this);
        try
        {
            if (await TryAsync(who => TestData.DeleteAsync(who, progress, own.Token)))
            {
                sent.Clear();
                chosenSubject = null;
            }
        }
        catch (OperationCanceledException)
        {
            Warn("Deleting was cancelled. What is left can be deleted later.");
        }
        finally
        {
            deleting = null;
        }

        await ReloadAsync();
    }

    /// <summary>Something that was sent, and how far it has come.</summary>
    private sealed class Sent(SimulatedRequest request, long sentAtMs)
    {
        public SimulatedRequest Request { get; } = request;

        public long SentAtMs { get; } = sentAtMs;

        public SimulatedAnswer? Answer { get; set; }

        public SimulatedTrace? Trace { get; set; }
    }

    /// <summary>Shows how many are deleted; called on any thread.</summary>
    private sealed class Counter(SimulatorPage page) : IProgress<int>
    {
        public void Report(int value) => _ = page.InvokeAsync(() =>
        {
            page.deleted = value;
            page.StateHasChanged();
        });
    }

    /// <summary>A scenario that is or was played.</summary>
    private sealed class Run(CancellationTokenSource stop)
    {
        public CancellationTokenSource Stop { get; } = stop;

        public List<ScenarioProgress> Steps { get; } = [];

        public IReadOnlyList<ScenarioCheck> Checks { get; set; } = [];

        public string? Problem { get; set; }

        public bool IsOver { get; set; }
    }

    /// <summary>Shows each step as it is done; called on any thread.</summary>
    private sealed class StepList(SimulatorPage page, Run run) : IProgress<ScenarioProgress>
    {
        public void Report(ScenarioProgress value) => _ = page.InvokeAsync(() =>
        {
            run.Steps.Add(value);
            page.StateHasChanged();
        });
    }
}
