using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>The list of orders.</summary>
public sealed partial class OrdersPage
{
    private static readonly Func<OrderRow, object> KeyOf = static row => (row.IsTest, row.OrderKey);

    private readonly RowList<OrderRow> list = new(KeyOf);
    private IReadOnlyList<TableColumn<OrderRow>> columns = [];
    private FailureChoices choices = new([], []);
    private Thresholds thresholds = new();

    /// <summary>Which orders: see <see cref="OrderViews"/>.</summary>
    [SupplyParameterFromQuery]
    public string? Show { get; set; }

    /// <summary>Of failed ones: the error code.</summary>
    [SupplyParameterFromQuery]
    public string? Error { get; set; }

    /// <summary>Of failed ones: the package.</summary>
    [SupplyParameterFromQuery]
    public string? Package { get; set; }

    [Inject]
    private OrderQueries Queries { get; set; } = default!;

    [Inject]
    private IOptions<DeskOptions> Options { get; set; } = default!;

    private string Currency => Options.Value.Currency;

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(Show);

    private string ExportHref =>
        QueryHelpers.AddQueryString(
            OrderExport.Path,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["q"] = Search,
                ["show"] = Show,
                ["error"] = Error,
                ["package"] = Package,
                ["tests"] = Viewing.TestsInAddress,
                ["since"] = Show is "failed-today"
                    ? Clock.TodayStartMs().ToString(System.Globalization.CultureInfo.InvariantCulture)
                    : null,
            }
        );

    // Orders become stuck and plans come to their end by time alone.
    protected override TimeSpan? LookEvery => TimeSpan.FromSeconds(15);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Order);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        columns = Describe();
        thresholds = await Queries.ThresholdsAsync(Who, cancellationToken);
        if (OrderViews.IsOfFailures(Show) && !IsFollowing)
        {
            choices = await Queries.FailureChoicesAsync(Who, cancellationToken);
        }

        var filter = OrderViews.Filter(Search, Show, Error, Package, IsOldestFirst, thresholds, Clock.NowMs, Clock.TodayStartMs()) with
        {
            IsTest = Viewing.IsTest,
        };
        await (
            IsFollowing && IsHeld
                ? list.HoldAsync(ReadAsync, rows => Queries.AgainAsync(Who, rows, cancellationToken))
                : list.LoadAsync(ReadAsync)
        );

        Task<PageOf<OrderRow>> ReadAsync() =>
            Queries.ListAsync(Who, filter, OrderPosition.Read(After), RowList<OrderRow>.PageSize, cancellationToken);
    }

    private void Choose(string? value) =>
        Filter(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["show"] = value,
                ["error"] = null,
                ["package"] = null,
            }
        );

    private string EmptyTitle =>
        (IsFiltered, Show) switch
        {
            (false, _) => "No orders yet",
            (_, "stuck") => "No order is stuck",
            _ => "No order fits",
        };

    private string EmptyHint =>
        (IsFiltered, Show, Search) switch
        {
            (false, _, _) => "An order appears here with its first order.created, and follows what eSIMfly says of it.",
            (_, "stuck", null or "") => "Orders that have not ended in time appear here by themselves.",
            _ => "Search by the beginning of an order id or reference, or take a filter away.",
        };

    private static string NextStep(OrderRow row) => row.Status == OrderStatus.Failed ? ErrorWords.Next(row.ErrorCode, row.CanRetry) : "–";

    private static string EsimCount(OrderRow row) => row.Quantity is { } quantity ? $"{row.EsimCount} / {quantity}" : $"{row.EsimCount}";

    private static string Shown(string? text) => JsonText.MakeVisible(text ?? "–");
}
