using System.Globalization;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Deliveries;

/// <summary>One delivery.</summary>
public sealed partial class DeliveryPage
{
    private DeliveryDetail? detail;

    /// <summary>The delivery's number.</summary>
    [Parameter]
    public long Seq { get; set; }

    [Inject]
    private DeliveryQueries Queries { get; set; } = default!;

    [Inject]
    private DeliveryActions Actions { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Delivery);
    }

    private protected override bool Concerns(ChangeSet changes) => changes.Concerns(Topic.Delivery, Seq.ToString(CultureInfo.InvariantCulture));

    protected override async Task LoadAsync(CancellationToken cancellationToken) => detail = await Queries.FindAsync(Seq, cancellationToken);

    private Task<bool> RequeueAsync() => TryAsync(who => Actions.RequeueAsync(who, Seq, CancellationToken.None));
}
