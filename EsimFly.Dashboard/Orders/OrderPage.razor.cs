using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Orders;

/// <summary>One order.</summary>
public sealed partial class OrderPage
{
    private OrderDetail? detail;

    /// <summary>The order's id or reference.</summary>
    [Parameter]
    public string Key { get; set; } = "";

    /// <summary>Whether it is of the test world.</summary>
    [SupplyParameterFromQuery(Name = "test")]
    public bool IsTest { get; set; }

    [Inject]
    private OrderQueries Queries { get; set; } = default!;

    [Inject]
    private IOptions<DeskOptions> Options { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Order, Topic.Esim);
    }

    private protected override bool Concerns(ChangeSet changes) =>
        detail is null
        || changes.Concerns(Topic.Order, detail.Order.OrderId ?? detail.Order.OrderReference ?? "")
        || changes.Concerns(Topic.Order, detail.Order.OrderReference ?? "")
        || detail.Esims.Any(esim => changes.Concerns(Topic.Esim, esim.Iccid));

    protected override async Task LoadAsync(CancellationToken cancellationToken) => detail = await Queries.FindAsync(Key, IsTest, cancellationToken);
}
