using System.Globalization;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using Microsoft.AspNetCore.Mvc;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary><c>GET /deliveries.csv</c>: the deliveries with the filters of their page, without their bodies.</summary>
internal static class DeliveryExport
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/deliveries.csv";

    private static readonly string[] Heading =
    [
        "number",
        "delivery_id",
        "event",
        "state",
        "error",
        "contract",
        "signed_form",
        "arrivals",
        "answer",
        "answer_ms",
        "received_utc",
        "processed_utc",
        "test",
        "order",
        "iccid",
    ];

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> GetAsync(
        string? q,
        string? state,
        string? @event,
        string? tests,
        long[]? only,
        [FromQuery(Name = "since_ms")] long? sinceMs,
        [FromQuery(Name = "until_ms")] long? untilMs,
        HttpContext context,
        DeliveryQueries queries,
        Exports exports
    )
    {
        var filter = DeliveryViews.Filter(q, state, @event, isOldestFirst: true) with
        {
            IsTest = Exports.EnvironmentOf(tests),
            Days = new(sinceMs, untilMs),
            Among = only is { Length: > 0 } ? only : null,
        };
        return await exports.AnswerAsync<DeliveryRow>(
            context,
            "deliveries",
            $"state {state ?? "any"}, event {@event ?? "any"}, search “{q}”, {filter.Days}",
            Heading,
            (after, size) => queries.ListAsync(context.User, filter, after?.Position, size, context.RequestAborted),
            ToCells,
            () => queries.CountAsync(context.User, filter, context.RequestAborted)
        );
    }

    private static string[] ToCells(DeliveryRow row) =>
        [
            CsvFile.Number(row.Seq),
            row.DeliveryId ?? "",
            row.EventName ?? "",
            StatusLooks.Of(row.State).Word,
            row.Error ?? "",
            row.Contract.Name(),
            row.SignedForm.Name(),
            CsvFile.Number(row.Arrivals),
            CsvFile.Number(row.Answer),
            row.AnswerUs is { } us ? (us / 1000m).ToString("0.0", CultureInfo.InvariantCulture) : "",
            CsvFile.Instant(row.ReceivedAtMs),
            CsvFile.Instant(row.ProcessedAtMs),
            row.IsTest ? "TEST" : "",
            row.OrderName ?? "",
            row.Iccid ?? "",
        ];
}
