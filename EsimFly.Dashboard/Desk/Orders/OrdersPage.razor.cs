using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>The list of orders.</summary>
public sealed partial class OrdersPage
{
    private static readonly Func<OrderRow, object> KeyOf = static row => (row.IsTest, row.OrderKey);

    private readonly RowList<OrderRow> list = new(KeyOf);
    private readonly Selection<OrderRow> picked = new(KeyOf);
    private IReadOnlyList<TableColumn<OrderRow>> columns = [];
    private FailureChoices choices = new([], []);
    private IReadOnlyList<string> packages = [];
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
    private PackageQueries Packages { get; set; } = default!;

    [Inject]
    private IOptions<WholesaleOptions> Options { get; set; } = default!;

    private string Currency => Options.Value.Currency;

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(Show) || !string.IsNullOrEmpty(Package) || Days.IsSet;

    private string PickedHref => ExportAddressOf(OrderExport.Path, picked.Rows.Select(row => row.OrderKey));

    private string ExportHref =>
        ExportAddress(
            OrderExport.Path,
            ("show", Show),
            ("error", Error),
            ("package", Package),
            ("since", Show is "failed-today" ? Clock.TodayStartMs().ToString(System.Globalization.CultureInfo.InvariantCulture) : null)
        );

    protected override bool BeginsWithOldest => Show is "stuck";

    // Orders become stuck and plans expire by time alone.
    protected override TimeSpan? LookEvery => TimeSpan.FromSeconds(15);

    [Inject]
    private OrderEvidence Evidence { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Order);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        columns = Describe();
        thresholds = await Queries.ThresholdsAsync(Who, cancellationToken);
        if (!IsFollowing)
        {
            choices = OrderViews.IsOfFailures(Show) ? await Queries.FailureChoicesAsync(Who, cancellationToken) : new([], []);
            packages = OrderViews.IsOfFailures(Show) ? choices.PackageNames : await Packages.AllAsync(Who, cancellationToken);
        }

        var filter = OrderViews.Filter(Search, Show, Error, Package, IsOldestFirst, thresholds, Clock.NowMs, Clock.TodayStartMs()) with
        {
            IsTest = Viewing.IsTest,
            Days = Days,
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

    private async Task<string?> PickedEvidenceAsync()
    {
        var texts = new List<string>();
        foreach (var row in picked.Rows)
        {
            if (await Evidence.WriteAsync(Who, row.Name, row.IsTest, CancellationToken.None) is { } text)
            {
                texts.Add(text);
            }
        }

        return string.Join('\n', texts);
    }
}
