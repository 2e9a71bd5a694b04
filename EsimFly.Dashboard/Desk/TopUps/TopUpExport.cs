using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.TopUps;

/// <summary><c>GET /top-ups.csv</c>: the top-ups with the filters of their page.</summary>
internal static class TopUpExport
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/top-ups.csv";

    private static readonly string[] Heading =
    [
        "iccid",
        "outcome",
        "error_code",
        "error_message",
        "package_code",
        "package_name",
        "amount",
        "currency",
        "new_expiry_utc",
        "occurred_utc",
        "delivery",
        "test",
    ];

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> GetAsync(
        string? q,
        string? show,
        string? error,
        string? tests,
        [FromQuery(Name = "since_ms")] long? sinceMs,
        [FromQuery(Name = "until_ms")] long? untilMs,
        HttpContext context,
        TopUpQueries queries,
        Exports exports,
        IOptions<WholesaleOptions> options
    )
    {
        var filter = TopUpViews.Filter(q, show, error, isOldestFirst: true) with
        {
            IsTest = Exports.EnvironmentOf(tests),
            Days = new(sinceMs, untilMs),
        };
        return await exports.AnswerAsync<TopUpRow>(
            context,
            "top-ups",
            $"show {show ?? "all"}, search “{q}”, error {error ?? "any"}, {filter.Days}",
            Heading,
            (after, size) => queries.ListAsync(context.User, filter, after?.Position, size, context.RequestAborted),
            row => ToCells(row, options.Value.Currency),
            () => queries.CountAsync(context.User, filter, context.RequestAborted)
        );
    }

    private static string[] ToCells(TopUpRow row, string currency) =>
        [
            row.Iccid,
            row.Succeeded ? "Topped up" : "Failed",
            row.ErrorCode ?? "",
            row.ErrorMessage ?? "",
            row.PackageCode ?? "",
            row.PackageName ?? "",
            CsvFile.Number(row.Amount),
            row.Amount is null ? "" : row.Currency ?? currency,
            CsvFile.Instant(row.NewExpiryMs),
            CsvFile.Instant(row.OccurredAtMs),
            CsvFile.Number(row.DeliverySeq),
            row.IsTest ? "TEST" : "",
        ];
}
