using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.TopUps;

public sealed partial class TopUpsPage
{
    private static readonly Func<TopUpRow, object> KeyOf = static row => row.DeliverySeq;

    private readonly RowList<TopUpRow> list = new(KeyOf);
    private IReadOnlyList<TableColumn<TopUpRow>> columns = [];
    private IReadOnlyList<string> errors = [];

    /// <summary>Which top-ups: <c>open</c>, <c>failed</c>, <c>completed</c>, or empty for all.</summary>
    [SupplyParameterFromQuery]
    public string? Show { get; set; }

    /// <summary>The error code.</summary>
    [SupplyParameterFromQuery]
    public string? Error { get; set; }

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(Show) || !string.IsNullOrEmpty(Error) || Days.IsSet;

    private string ExportHref => ExportAddress(TopUpExport.Path, ("show", Show), ("error", Error));

    protected override void OnInitialized()
    {
        base.OnInitialized();
        columns = Describe();
        Listen(Topic.TopUp);
    }

    protected override bool BeginsWithOldest => Show is "open";

    protected override TimeSpan FollowEvery => TimeSpan.FromMilliseconds(500);

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        errors = IsFollowing ? errors : await Queries.ErrorCodesAsync(Who, cancellationToken);
        var filter = TopUpViews.Filter(Search, Show, Error, IsOldestFirst) with { IsTest = Viewing.IsTest, Days = Days };
        await (
            IsFollowing && IsHeld
                ? list.HoldAsync(ReadAsync, rows => Task.FromResult(rows.ToList())) // a top-up never changes
                : list.LoadAsync(ReadAsync)
        );

        Task<PageOf<TopUpRow>> ReadAsync() =>
            Queries.ListAsync(Who, filter, TopUpPosition.Read(After), RowList<TopUpRow>.PageSize, cancellationToken);
    }
}
