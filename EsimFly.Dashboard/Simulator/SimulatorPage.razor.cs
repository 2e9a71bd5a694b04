using System.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace EsimFly.Dashboard.Simulator;

/// <summary>"Does our set-up work?": a test button for each event, and scenarios that check themselves.</summary>
public sealed partial class SimulatorPage
{
    private const int MostSent = 10;

    private readonly List<SentDelivery> sent = [];
    private IReadOnlyList<SimulatedSubject> subjects = [];
    private SimulatedSubject? chosenSubject;
    private EventType? editing;
    private string body = "";
    private string eventHeader = "";
    private ContractVersion contract;
    private SignedForm form = SignedForm.RawBody;
    private Uri? publicWebhook;
    private SimulatorTarget target;

    [Inject]
    private SimulatorActions Desk { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private string? JsonProblem =>
        SignedBytes.IsJson(Encoding.UTF8.GetBytes(body))
            ? null
            : "This is not JSON: it will be kept and quarantined, and can be signed as it is sent only.";

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Delivery, Topic.Order);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        subjects = await Desk.SubjectsAsync(Who, cancellationToken);
        publicWebhook = await Desk.PublicWebhookAsync(Who, cancellationToken);
        target = publicWebhook is null ? SimulatorTarget.Own : target;
        foreach (
            var item in sent.Where(item =>
                    item.Trace is not { State: DeliveryState.Processed or DeliveryState.Quarantined or DeliveryState.Dead }
                )
                .ToList()
        )
        {
            item.Trace = await Desk.TraceAsync(Who, item.Request.DeliveryId, cancellationToken);
        }
    }

    // "Shown" is what this browser says of this page: the desk's own word would prove nothing.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        foreach (var item in sent.Where(item => item is { Trace.State: DeliveryState.Processed, IsAsked: false }).ToList())
        {
            item.IsAsked = true;
            try
            {
                await Js.InvokeVoidAsync("desk.painted");
            }
            catch (Exception fault) when (fault is JSDisconnectedException or TaskCanceledException or JSException)
            {
                return; // nobody looks any more
            }

            item.ShownAfter = Clock.Since(item.SentAt);
            StateHasChanged();
        }
    }

    private static string NameOf(SimulatedSubject subject) => subject.IsEsimAlone ? subject.Iccid : subject.OrderId;

    private void Forget()
    {
        sent.Clear();
        chosenSubject = null;
    }

    private void ChooseSubject(string? name)
    {
        chosenSubject = subjects.FirstOrDefault(subject => string.Equals(NameOf(subject), name, StringComparison.Ordinal));
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
        body = SimulatedEvents.Body(
            type,
            chosenSubject ?? SimulatedSubject.New(Random.Shared),
            DateTimeOffset.FromUnixTimeMilliseconds(Clock.NowMs)
        );
    }

    private Task TestAsync(EventType type) =>
        SendAsync(
            new SimulatedRequest
            {
                Body = SimulatedEvents.Body(
                    type,
                    chosenSubject ?? SimulatedSubject.New(Random.Shared),
                    DateTimeOffset.FromUnixTimeMilliseconds(Clock.NowMs)
                ),
                Contract = SimulatedEvents.ContractOf(type),
                EventHeader = type.Name(),
            }
        );

    private Task SendEditedAsync() =>
        SendAsync(
            new SimulatedRequest
            {
                Body = body,
                Contract = contract,
                Form = form,
                EventHeader = string.IsNullOrWhiteSpace(eventHeader) ? null : eventHeader.Trim(),
            }
        );

    private async Task SendAsync(SimulatedRequest request)
    {
        var item = new SentDelivery(request, Clock.NowMs, Clock.Timestamp);
        sent.Insert(0, item);
        if (sent.Count > MostSent)
        {
            sent.RemoveAt(MostSent);
        }

        StateHasChanged();
        await Js.InvokeVoidAsync("desk.show", "outcome"); // where it is out of sight: below, on a phone
        try
        {
            if (!await TryAsync(async who => item.Answer = await Desk.SendAsync(who, request, target, CancellationToken.None)))
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
}
