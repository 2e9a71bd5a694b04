using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Orders;

/// <summary>The list of orders.</summary>
public sealed partial class OrdersPage
{
    private static readonly IReadOnlyList<(string Value, string Word)> Choices =
        [("processing", "Processing"), ("completed", "Completed"), ("failed", "Failed")];

    private readonly RowList<OrderRow> list = new();

    /// <summary>The state that is filtered by: processing, completed or failed.</summary>
    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    [Inject]
    private OrderQueries Queries { get; set; } = default!;

    [Inject]
    private IOptions<DeskOptions> Options { get; set; } = default!;

    private string Currency => Options.Value.Currency;

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(Status);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Order);
    }

    protected override void ResetPages() => list.Reset();

    protected override Task LoadAsync(CancellationToken cancellationToken)
    {
        var status = Enum.TryParse<OrderStatus>(Status, ignoreCase: true, out var parsed) ? parsed : (OrderStatus?)null;
        var filter = new OrderFilter(Search, status);
        return list.LoadAsync(after => Queries.ListAsync(filter, after, RowList<OrderRow>.PageSize, cancellationToken));
    }
}
