using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Tables;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary><c>GET /orders.csv</c>: the orders with the filters of their page.</summary>
internal static class OrderExport
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/orders.csv";

    private static readonly string[] Heading =
    [
        "order_id",
        "order_reference",
        "state",
        "error_code",
        "can_retry",
        "package_code",
        "package_name",
        "quantity",
        "esims",
        "amount",
        "placed_utc",
        "last_event_utc",
        "test",
    ];

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> GetAsync(
        string? q,
        string? show,
        string? error,
        string? package,
        string? tests,
        long? since,
        HttpContext context,
        OrderQueries queries,
        Exports exports,
        TimeProvider time
    )
    {
        var thresholds = await queries.ThresholdsAsync(context.User, context.RequestAborted);
        var filter = OrderViews.Filter(
            q,
            show,
            error,
            package,
            isOldestFirst: true,
            thresholds,
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            since ?? 0
        ) with
        {
            IsTest = Exports.EnvironmentOf(tests),
        };
        await exports.BeginAsync(
            context.User,
            "orders",
            OrderViews.Describe(q, show, error, package),
            context.Connection.RemoteIpAddress?.ToString(),
            context.RequestAborted
        );
        var rows = CsvFile.ReadAllAsync<OrderRow>(
            (after, size) => queries.ListAsync(context.User, filter, after?.Position, size, context.RequestAborted)
        );
        return CsvFile.Of(
            context,
            "orders.csv",
            Heading,
            rows.Select(ToCells),
            await queries.CountAsync(context.User, filter, context.RequestAborted)
        );
    }

    private static string[] ToCells(OrderRow row) =>
        [
            row.OrderId ?? "",
            row.OrderReference ?? "",
            StatusLooks.Of(row.Status).Word,
            row.ErrorCode ?? "",
            row.CanRetry switch
            {
                true => "yes",
                false => "no",
                _ => "",
            },
            row.PackageCode ?? "",
            row.PackageName ?? "",
            CsvFile.Number(row.Quantity),
            CsvFile.Number(row.EsimCount),
            CsvFile.Number(row.Amount),
            CsvFile.Instant(row.SortAtMs == 0 ? null : row.SortAtMs),
            CsvFile.Instant(row.LastEventAtMs),
            row.IsTest ? "TEST" : "",
        ];
}
