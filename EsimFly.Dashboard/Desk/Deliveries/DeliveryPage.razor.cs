using System.Globalization;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>One delivery.</summary>
public sealed partial class DeliveryPage
{
    private DeliveryDetail? detail;
    private RetryRow? retry;
    private IReadOnlyList<DeliveryEffect> effects = [];
    private (long Seq, DeliveryState State) effectsOf;

    /// <summary>The delivery's number.</summary>
    [Parameter]
    public long Seq { get; set; }

    [Inject]
    private DeliveryQueries Queries { get; set; } = default!;

    [Inject]
    private Evidence Evidence { get; set; } = default!;

    [Inject]
    private RetryQueries Retries { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private DeliveryActions Actions { get; set; } = default!;

    private long again;

    // One that waits becomes overdue by time alone.
    protected override TimeSpan? LookEvery => TimeSpan.FromSeconds(15);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Delivery);
    }

    private protected override bool Concerns(ChangeSet changes) =>
        changes.Concerns(Topic.Delivery, Seq.ToString(CultureInfo.InvariantCulture));

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var seq = Seq;
        var found = await Queries.FindAsync(Who, seq, cancellationToken);
        var story = await Retries.OfDeliveryAsync(Who, seq, Clock.NowMs, cancellationToken);
        var changed =
            found is null || effectsOf == (seq, found.Delivery.State) ? effects : await Queries.EffectsAsync(Who, seq, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested(); // another delivery is looked at by now
        (detail, retry, effects) = (found, story, changed);
        effectsOf = found is null ? default : (seq, found.Delivery.State);
    }

    private async Task<string?> CurlAsync()
    {
        string? command = null;
        if (
            await TryAsync(async who => command = await Actions.CurlAsync(who, Seq, Navigation.BaseUri, CancellationToken.None))
            && command is null
        )
        {
            Warn("Its body is no longer kept, so there is nothing to send.");
        }

        return command;
    }

    // What the body says of it, where nothing was folded: nobody has looked at it but its reader.
    private (string? OrderName, IReadOnlyList<string> Iccids) About =>
        detail switch
        {
            { Event: { } reported } => (reported.OrderName, detail.Iccids),
            { Delivery.SafeBody: { } body } when ClaimedSubject.Read(body) is var claimed => (
                claimed.OrderName,
                claimed.Iccid is { } iccid ? [iccid] : []
            ),
            _ => (null, []),
        };

    private async Task<string?> EvidenceAsync()
    {
        var (delivery, parsed) = (detail!.Delivery, detail.Event);
        var (order, iccids) = About;
        (string Name, string? Value)[] facts =
        [
            ("Delivery id", delivery.DeliveryId),
            ("Event", delivery.EventName),
            ("Contract", delivery.Contract.Name()),
            ("Order id", parsed?.OrderId ?? (parsed is null ? order : null)),
            ("Order reference", parsed?.OrderReference),
            ("ICCID", iccids.Count == 0 ? null : string.Join(", ", iccids)),
            ("Received", ViewerClock.Utc(delivery.ReceivedAtMs)),
            ("Answered", detail.Arrivals is [var last, ..] ? last.Status.ToString(CultureInfo.InvariantCulture) : null),
            ("Arrivals", delivery.Arrivals.ToString(CultureInfo.InvariantCulture)),
            ("Error", delivery.Error),
            ("Environment", delivery.IsTest ? "TEST" : null),
        ];
        return await Evidence.WriteAsync(
            Who,
            $"delivery {delivery.DeliveryId ?? delivery.Seq.ToString(CultureInfo.InvariantCulture)}",
            facts,
            DeliveryVerdict.Of(delivery, parsed, Clock.NowMs),
            parsed is null ? [] : [parsed],
            parsed is null ? delivery.SafeBody : null,
            CancellationToken.None
        );
    }

    private async Task RequeueAsync()
    {
        again = await TryAsync(who => Actions.RequeueAsync(who, Seq, CancellationToken.None)) ? Seq : 0;
        await ReloadAsync();
    }

    // What became of the click, as the page follows it.
    private (string Words, Severity Severity)? Again =>
        again != Seq || detail is null
            ? null
            : detail.Delivery switch
            {
                { State: DeliveryState.Processed } => ("Processed again: this time it worked.", Severity.Success),
                { State: DeliveryState.Quarantined, Error: var error } => (
                    $"Processed again, with the same outcome: {JsonText.MakeVisible(error ?? "it cannot be used.")}",
                    Severity.Warning
                ),
                { State: DeliveryState.Dead } => ("Processed again, and it failed again.", Severity.Error),
                _ => ("It is being processed again…", Severity.Info),
            };
}
