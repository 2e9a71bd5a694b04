using System.Globalization;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;

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
        HttpContext context,
        DeliveryQueries queries,
        Exports exports
    )
    {
        var filter = DeliveryViews.Filter(q, state, @event, isOldestFirst: true) with { IsTest = Exports.EnvironmentOf(tests) };
        await exports.BeginAsync(
            context.User,
            "deliveries",
            $"state {state ?? "any"}, event {@event ?? "any"}, search “{q}”",
            context.Connection.RemoteIpAddress?.ToString(),
            context.RequestAborted
        );
        var rows = CsvFile.ReadAllAsync<DeliveryRow>(
            (after, size) => queries.ListAsync(context.User, filter, after?.Seq, size, context.RequestAborted)
        );
        return CsvFile.Of(
            context,
            "deliveries.csv",
            Heading,
            rows.Select(ToCells),
            await queries.CountAsync(context.User, filter, context.RequestAborted)
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
