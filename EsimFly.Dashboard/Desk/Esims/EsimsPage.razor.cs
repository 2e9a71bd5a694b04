using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>The list of eSIMs.</summary>
public sealed partial class EsimsPage
{
    private static readonly Func<EsimRow, object> KeyOf = static row => (row.IsTest, row.Iccid);

    private readonly RowList<EsimRow> list = new(KeyOf);
    private readonly Selection<EsimRow> picked = new(KeyOf);
    private IReadOnlyList<TableColumn<EsimRow>> columns = [];

    /// <summary>Which eSIMs: see <see cref="EsimViews"/>.</summary>
    [SupplyParameterFromQuery]
    public string? Show { get; set; }

    [Inject]
    private EsimQueries Queries { get; set; } = default!;

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(Show) || Days.IsSet;

    private string EmptyTitle =>
        Show switch
        {
            "24h" or "72h" => "Nothing expires so soon",
            "due" => "None is due",
            _ => IsFiltered ? "No eSIM fits" : "No eSIMs yet",
        };

    private string PickedHref => ExportAddressOf(EsimExport.Path, picked.Rows.Select(row => row.Iccid));

    private string ExportHref => ExportAddress(EsimExport.Path, ("show", Show), ("sort", Sort));

    // Plans expire by time alone.
    protected override TimeSpan? LookEvery => TimeSpan.FromSeconds(15);

    [Inject]
    private EsimEvidence Evidence { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Esim);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        columns = Describe();
        var filter = EsimViews.Filter(Search, Show, Sort, Clock.NowMs) with { IsTest = Viewing.IsTest, Days = Days };
        await (
            IsFollowing && IsHeld
                ? list.HoldAsync(ReadAsync, rows => Queries.AgainAsync(Who, rows, cancellationToken))
                : list.LoadAsync(ReadAsync)
        );

        Task<PageOf<EsimRow>> ReadAsync() =>
            Queries.ListAsync(Who, filter, EsimPosition.Read(After), RowList<EsimRow>.PageSize, cancellationToken);
    }

    private async Task<string?> PickedEvidenceAsync()
    {
        var texts = new List<string>();
        foreach (var row in picked.Rows)
        {
            if (await Evidence.WriteAsync(Who, row.Iccid, row.IsTest, CancellationToken.None) is { } text)
            {
                texts.Add(text);
            }
        }

        return string.Join('\n', texts);
    }
}
