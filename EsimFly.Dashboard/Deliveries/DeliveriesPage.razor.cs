using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Deliveries;

/// <summary>The list of deliveries.</summary>
public sealed partial class DeliveriesPage
{
    private static readonly IReadOnlyList<(string Value, string Word)> Choices =
        [("pending", "Pending"), ("processed", "Processed"), ("failed", "Retrying"), ("dead", "Dead"), ("quarantined", "Quarantined")];

    private readonly RowList<DeliveryRow> list = new();

    /// <summary>The state that is filtered by.</summary>
    [SupplyParameterFromQuery]
    public string? State { get; set; }

    [Inject]
    private DeliveryQueries Queries { get; set; } = default!;

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(State);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Delivery);
    }

    protected override void ResetPages() => list.Reset();

    protected override Task LoadAsync(CancellationToken cancellationToken)
    {
        var state = Enum.TryParse<DeliveryState>(State, ignoreCase: true, out var parsed) ? parsed : (DeliveryState?)null;
        var filter = new DeliveryFilter(Search, state);
        return list.LoadAsync(after => Queries.ListAsync(filter, after?.Seq, RowList<DeliveryRow>.PageSize, cancellationToken));
    }
}
