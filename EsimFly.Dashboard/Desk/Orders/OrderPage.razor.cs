using System.Globalization;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

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
    private Evidence Evidence { get; set; } = default!;

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

    private protected override async Task FindAsync(CancellationToken cancellationToken) =>
        detail = await Queries.FindAsync(Who, Key, IsTest, cancellationToken);

    private protected override Verdict? Judge() =>
        detail is null ? null : OrderVerdict.Of(detail.Order, detail.Events, detail.Thresholds, Clock.NowMs);

    private async Task<string?> EvidenceAsync()
    {
        var order = detail!.Order;
        (string Name, string? Value)[] facts =
        [
            ("Order id", order.OrderId),
            ("Order reference", order.OrderReference),
            ("State", StatusLooks.Of(order.Status).Word),
            ("Package", string.Join(' ', new[] { order.PackageName, order.PackageCode }.OfType<string>())),
            ("Quantity", order.Quantity?.ToString(CultureInfo.InvariantCulture)),
            ("Amount", order.Amount is null ? null : Money.Show(order.Amount, order.Currency ?? Options.Value.Currency)),
            ("Error", order.ErrorCode),
            ("ICCIDs", detail.Esims.Count == 0 ? null : string.Join(", ", detail.Esims.Select(esim => esim.Iccid))),
            ("Environment", order.IsTest ? "TEST" : null),
        ];
        return await Evidence.WriteAsync(
            Who,
            $"order {order.OrderId ?? order.OrderReference}",
            facts,
            Verdict,
            detail.Events,
            unread: null,
            CancellationToken.None
        );
    }
}
