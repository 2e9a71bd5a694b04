using System.Globalization;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>The list of deliveries.</summary>
public sealed partial class DeliveriesPage
{
    private static readonly Func<DeliveryRow, object> KeyOf = static row => row.Seq;

    private readonly RowList<DeliveryRow> list = new(KeyOf);
    private readonly IReadOnlyList<TableColumn<DeliveryRow>> columns = Describe();

    /// <summary>The state that is filtered by.</summary>
    [SupplyParameterFromQuery]
    public string? State { get; set; }

    /// <summary>The event's name.</summary>
    [SupplyParameterFromQuery]
    public string? Event { get; set; }

    [Inject]
    private DeliveryQueries Queries { get; set; } = default!;

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(State) || !string.IsNullOrEmpty(Event);

    private string ExportHref =>
        QueryHelpers.AddQueryString(
            DeliveryExport.Path,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["q"] = Search,
                ["state"] = State,
                ["event"] = Event,
                ["tests"] = Viewing.TestsInAddress,
            }
        );

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Delivery);
    }

    private static string ProcessedAfter(DeliveryRow row) =>
        row.ProcessedAtMs is { } at ? $"{(at - row.ReceivedAtMs).ToString("#,0", CultureInfo.InvariantCulture)} ms" : "–";

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var filter = DeliveryViews.Filter(Search, State, Event, IsOldestFirst) with { IsTest = Viewing.IsTest };
        await (
            IsFollowing && IsHeld
                ? list.HoldAsync(ReadAsync, rows => Queries.AgainAsync(Who, rows, cancellationToken))
                : list.LoadAsync(ReadAsync)
        );

        Task<PageOf<DeliveryRow>> ReadAsync() =>
            Queries.ListAsync(
                Who,
                filter,
                PageTrail.PartsOf(After, 1) is [var seq] ? PageTrail.Number(seq) : null,
                RowList<DeliveryRow>.PageSize,
                cancellationToken
            );
    }
}
