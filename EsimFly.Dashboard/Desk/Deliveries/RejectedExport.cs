using EsimFly.Dashboard.Components.Tables;
using Microsoft.AspNetCore.Mvc;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary><c>GET /deliveries/rejected.csv</c>: the refused requests with the filters of their page, without their bodies.</summary>
internal static class RejectedExport
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/deliveries/rejected.csv";

    private static readonly string[] Heading =
    [
        "number",
        "received_utc",
        "reason",
        "answer",
        "address",
        "event_claimed",
        "order_claimed",
        "iccid_claimed",
        "delivery_id",
        "not_kept_before_it",
        "test",
    ];

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> GetAsync(
        string? q,
        string? reason,
        string? @event,
        string? tests,
        [FromQuery(Name = "since_ms")] long? sinceMs,
        [FromQuery(Name = "until_ms")] long? untilMs,
        HttpContext context,
        RejectedQueries queries,
        Exports exports
    )
    {
        var filter = new RejectedFilter(q, reason, @event, Exports.EnvironmentOf(tests))
        {
            IsOldestFirst = true,
            Days = new(sinceMs, untilMs),
        };
        return await exports.AnswerAsync<RejectedRow>(
            context,
            "rejected",
            $"reason {reason ?? "any"}, event {@event ?? "any"}, search “{q}”, {filter.Days}",
            Heading,
            (after, size) => queries.ListAsync(context.User, filter, after?.Id, size, context.RequestAborted),
            ToCells
        );
    }

    private static string[] ToCells(RejectedRow row) =>
        [
            CsvFile.Number(row.Id),
            CsvFile.Instant(row.ReceivedAtMs),
            row.Reason,
            CsvFile.Number(row.Status),
            row.Address ?? "",
            row.EventName ?? "",
            row.Claim.OrderName ?? "",
            row.Claim.Iccid ?? "",
            row.DeliveryId ?? "",
            CsvFile.Number(row.Suppressed),
            row.IsTest ? "TEST" : "",
        ];
}
