using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Simulator;

public sealed partial class RetryPanel
{
    private Rehearsal rehearsal = new();
    private RehearsedFault fault = RehearsedFault.Answer503;
    private int count = 2;
    private EventType type = EventType.OrderCreated;
    private RetryPace pace = RetryPace.Quick;

    /// <summary>Whether what is sent goes through the public address.</summary>
    [Parameter]
    public bool IsPublic { get; set; }

    [Inject]
    private SimulatorActions Desk { get; set; } = default!;

    [Inject]
    private RetryRuns Runs { get; set; } = default!;

    private string Schedule
    {
        get
        {
            var contract = SimulatedEvents.ContractOf(type);
            var schedule = RetrySchedule.Of(contract);
            var span = Spans.Words((long)schedule.Span.TotalMilliseconds);
            return $"Contract {contract.Name()}: {schedule.Delays.Length} attempts within {span}, "
                + $"each answered within {schedule.Deadline.TotalSeconds:0} s";
        }
    }

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Delivery, Topic.Rejected);
        Runs.Changed += Follow;
        Clock.ListenEachSecond(Tick);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken) =>
        rehearsal = await Desk.RehearsalAsync(Who, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        Runs.Changed -= Follow;
        Clock.Ignore(Tick);
        base.Dispose(disposing);
    }

    private void Follow(object? sender, EventArgs changed) => Post(ReloadAsync);

    private void Tick() => Post(StateHasChanged);

    private static string FaultWords(RehearsedFault fault) =>
        fault switch
        {
            RehearsedFault.Answer503 => "it answers 503",
            RehearsedFault.AnswerLate => "it answers after the sender’s deadline",
            _ => "it drops the connection",
        };

    private Task<bool> StopAsync(RetryRun run) => TryAsync(who => Desk.StopRetriesAsync(who, run, CancellationToken.None));

    private async Task RehearseAsync(RehearsedFault asked, int requests)
    {
        if (await TryAsync(who => Desk.RehearseAsync(who, asked, Math.Clamp(requests, 0, Rehearsal.MostRequests), CancellationToken.None)))
        {
            await ReloadAsync();
        }
    }

    private async Task StartAsync()
    {
        var request = new SimulatedRequest
        {
            Body = SimulatedEvents.Body(type, SimulatedSubject.New(Random.Shared), DateTimeOffset.FromUnixTimeMilliseconds(Clock.NowMs)),
            Contract = SimulatedEvents.ContractOf(type),
            EventHeader = type.Name(),
        };
        var isStarted = true;
        if (
            await TryAsync(async who =>
                isStarted = await Desk.StartRetriesAsync(
                    who,
                    request,
                    pace,
                    IsPublic ? SimulatorTarget.Public : SimulatorTarget.Own,
                    CancellationToken.None
                )
            ) && !isStarted
        )
        {
            Warn($"{RetryRuns.MostUnderWay} are under way already. Stop one, or wait.");
        }
    }
}
