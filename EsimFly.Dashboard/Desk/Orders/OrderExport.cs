using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Cases;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

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
        "currency",
        "placed_utc",
        "last_event_utc",
        "test",
        "owner",
        "notes",
    ];

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> GetAsync(
        string? q,
        string? show,
        string? error,
        string? package,
        string? tests,
        long? since,
        string[]? only,
        [FromQuery(Name = "since_ms")] long? sinceMs,
        [FromQuery(Name = "until_ms")] long? untilMs,
        HttpContext context,
        OrderQueries queries,
        CaseActions cases,
        Exports exports,
        IOptions<WholesaleOptions> options,
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
            Days = new(sinceMs, untilMs),
            Only = only ?? [],
        };
        var casesByKey = await cases.ForExportAsync(context.User, CaseKind.Order, context.RequestAborted);
        return await exports.AnswerAsync<OrderRow>(
            context,
            "orders",
            $"{OrderViews.Describe(q, show, error, package)}, {filter.Days}",
            Heading,
            (after, size) => queries.ListAsync(context.User, filter, after?.Position, size, context.RequestAborted),
            row => [.. ToCells(row, options.Value.Currency), .. CaseActions.Cells(casesByKey, row.OrderKey, row.IsTest)],
            () => queries.CountAsync(context.User, filter, context.RequestAborted)
        );
    }

    private static string[] ToCells(OrderRow row, string currency) =>
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
            row.Amount is null ? "" : row.Currency ?? currency,
            CsvFile.Instant(row.SortAtMs == 0 ? null : row.SortAtMs),
            CsvFile.Instant(row.LastEventAtMs),
            row.IsTest ? "TEST" : "",
        ];
}
