using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.Deliveries;

public sealed partial class RejectedRequestPage
{
    private RejectedRow? request;
    private RetryRow? retry;
    private IReadOnlyList<SignatureMatch>? matches;

    /// <summary>The request's number.</summary>
    [Parameter]
    public long Id { get; set; }

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Rejected, Topic.Delivery);
    }

    // What is expected does not come, by time alone.
    protected override TimeSpan? LookEvery => TimeSpan.FromSeconds(5);

    protected override TimeSpan FollowEvery => TimeSpan.FromMilliseconds(500);

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        request = await Queries.FindAsync(Who, Id, cancellationToken);
        retry = request is null ? null : await Retries.OfRefusedAsync(Who, request.DeliveryId, Clock.NowMs, cancellationToken);
        if (request is not { CanBeVerified: true })
        {
            matches = null;
        }
        else if (!IsFollowing || matches is not { Count: > 0 })
        {
            matches = await Actions.DiagnoseAsync((await Session).User, Id, cancellationToken);
        }
    }

    private async Task RescueAsync()
    {
        long? seq = null;
        if (await TryAsync(async who => seq = await Actions.RescueAsync(who, Id, CancellationToken.None)))
        {
            if (seq is { } saved)
            {
                Navigation.NavigateTo(Links.Delivery(saved));
            }
            else
            {
                Warn("It does not verify with any secret that is here now.");
            }
        }
    }
}
