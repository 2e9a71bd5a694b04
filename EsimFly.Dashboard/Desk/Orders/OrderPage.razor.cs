using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>One order.</summary>
public sealed partial class OrderPage
{
    private OrderDetail? detail;

    /// <summary>The order's id or reference.</summary>
    [Parameter]
    public string Key { get; set; } = "";

    /// <summary>Whether it is test data.</summary>
    [SupplyParameterFromQuery(Name = "test")]
    public bool IsTest { get; set; }

    [Inject]
    private OrderQueries Queries { get; set; } = default!;

    [Inject]
    private OrderEvidence Evidence { get; set; } = default!;

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

    private protected override async Task FindAsync(CancellationToken cancellationToken) =>
        detail = await Queries.FindAsync(Who, Key, IsTest, cancellationToken);

    private protected override Verdict? Judge() =>
        detail is null ? null : OrderVerdict.Of(detail.Order, detail.Events, detail.Thresholds, Clock.NowMs);

    private async Task<string?> EvidenceAsync() => await Evidence.WriteAsync(Who, detail!, CancellationToken.None);

    private static IReadOnlyList<string> NamesOf(Storage.Entities.OrderEntity order) =>
        [.. new[] { order.OrderReference, order.OrderId }.Concat(order.OtherReferences?.Split(' ') ?? []).OfType<string>()];
}
