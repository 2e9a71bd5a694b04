using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Esims;

/// <summary>The list of eSIMs.</summary>
public sealed partial class EsimsPage
{
    private static readonly IReadOnlyList<(string Value, string Word)> Choices =
        [("new", "New"), ("active", "Active"), ("depleted", "Used up"), ("expired", "Expired"), ("cancelled", "Cancelled"), ("unknown", "Unknown")];

    private readonly RowList<EsimRow> list = new();

    /// <summary>The plan's state that is filtered by.</summary>
    [SupplyParameterFromQuery]
    public string? Plan { get; set; }

    [Inject]
    private EsimQueries Queries { get; set; } = default!;

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(Plan);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Esim);
    }

    protected override void ResetPages() => list.Reset();

    protected override Task LoadAsync(CancellationToken cancellationToken)
    {
        var plan = Enum.TryParse<PlanStatus>(Plan, ignoreCase: true, out var parsed) ? parsed : (PlanStatus?)null;
        var filter = new EsimFilter(Search, plan);
        return list.LoadAsync(after => Queries.ListAsync(filter, after, RowList<EsimRow>.PageSize, cancellationToken));
    }
}
