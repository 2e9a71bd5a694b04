using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>The list of deliveries.</summary>
public sealed partial class DeliveriesPage
{
    private static readonly Func<DeliveryRow, object> KeyOf = static row => row.Seq;

    private readonly RowList<DeliveryRow> list = new(KeyOf);
    private readonly Selection<DeliveryRow> picked = new(KeyOf);
    private readonly IReadOnlyList<TableColumn<DeliveryRow>> columns = Describe();

    /// <summary>The state that is filtered by.</summary>
    [SupplyParameterFromQuery]
    public string? State { get; set; }

    /// <summary>The event's name.</summary>
    [SupplyParameterFromQuery]
    public string? Event { get; set; }

    [Inject]
    private DeliveryQueries Queries { get; set; } = default!;

    [Inject]
    private DeliveryActions Actions { get; set; } = default!;

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(State) || !string.IsNullOrEmpty(Event) || Days.IsSet;

    private string PickedHref =>
        ExportAddressOf(DeliveryExport.Path, picked.Rows.Select(row => row.Seq.ToString(CultureInfo.InvariantCulture)));

    private string ExportHref => ExportAddress(DeliveryExport.Path, ("state", State), ("event", Event));

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Delivery);
    }

    private static string ProcessedAfter(DeliveryRow row) =>
        row.ProcessedAtMs is { } at ? $"{(at - row.ReceivedAtMs).ToString("#,0", CultureInfo.InvariantCulture)} ms" : "–";

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var filter = DeliveryViews.Filter(Search, State, Event, IsOldestFirst) with { IsTest = Viewing.IsTest, Days = Days };
        await (
            IsFollowing && IsHeld
                ? list.HoldAsync(ReadAsync, rows => Queries.AgainAsync(Who, rows, cancellationToken))
                : list.LoadAsync(ReadAsync)
        );

        Task<PageOf<DeliveryRow>> ReadAsync() =>
            Queries.ListAsync(Who, filter, DeliveryPosition.Read(After), RowList<DeliveryRow>.PageSize, cancellationToken);
    }

    private async Task<string?> ProcessAgainAsync(ClaimsPrincipal who, DeliveryRow row)
    {
        if (!await Actions.RequeueAsync(who, row.Seq, CancellationToken.None))
        {
            return "It is neither dead nor quarantined, so there is nothing to process again.";
        }

        picked.Set(row, isTicked: false);
        return null;
    }
}
