using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>The list of refused requests.</summary>
public sealed partial class RejectedPage
{
    private static readonly Func<RejectedRow, object> KeyOf = static row => row.Id;

    private readonly RowList<RejectedRow> list = new(KeyOf);
    private readonly Selection<RejectedRow> picked = new(KeyOf);
    private readonly IReadOnlyList<TableColumn<RejectedRow>> columns = Describe();
    private IReadOnlyList<string> reasons = [];
    private IReadOnlyList<string> events = [];
    private bool maySupport;

    /// <summary>Why they were refused, as a code.</summary>
    [SupplyParameterFromQuery]
    public string? Reason { get; set; }

    /// <summary>The event that they claim.</summary>
    [SupplyParameterFromQuery]
    public string? Event { get; set; }

    [Inject]
    private RejectedQueries Queries { get; set; } = default!;

    [Inject]
    private DeliveryActions Actions { get; set; } = default!;

    [Inject]
    private IAuthorizationService Authorization { get; set; } = default!;

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(Reason) || !string.IsNullOrEmpty(Event) || Days.IsSet;

    private string ExportHref => ExportAddress(RejectedExport.Path, ("reason", Reason), ("event", Event));

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Rejected);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        maySupport = (await Authorization.AuthorizeAsync(Who, Policies.Support)).Succeeded;
        (reasons, events) = await Queries.ChoicesAsync(Who, cancellationToken);
        var filter = new RejectedFilter(Search, Reason, Event, Viewing.IsTest) { Days = Days, IsOldestFirst = IsOldestFirst };
        await (
            IsFollowing && IsHeld
                ? list.HoldAsync(ReadAsync, rows => Task.FromResult(rows.ToList())) // a refused request never changes
                : list.LoadAsync(ReadAsync)
        );

        Task<PageOf<RejectedRow>> ReadAsync() =>
            Queries.ListAsync(
                Who,
                filter,
                PageTrail.PartsOf(After, 1) is [var id] ? PageTrail.Number(id) : null,
                RowList<RejectedRow>.PageSize,
                cancellationToken
            );
    }

    private async Task<string?> VerifyAsync(ClaimsPrincipal who, RejectedRow row)
    {
        if (await Actions.RescueAsync(who, row.Id, CancellationToken.None) is null)
        {
            return "It does not verify with any secret that is here now, or its body was not kept.";
        }

        picked.Set(row, isTicked: false);
        return null;
    }
}
