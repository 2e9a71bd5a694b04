using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary><c>GET /deliveries/retries.csv</c>: the deliveries of the last day that were not answered with success at once.</summary>
internal static class RetryExport
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/deliveries/retries.csv";

    private static readonly string[] Heading =
    [
        "delivery_id",
        "event",
        "contract",
        "order",
        "iccid",
        "state",
        "attempts_seen",
        "first_utc",
        "last_utc",
        "refused_because",
        "delivery",
        "test",
    ];

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> GetAsync(string? tests, HttpContext context, RetryQueries queries, Exports exports, TimeProvider time)
    {
        var isTest = Exports.EnvironmentOf(tests);
        return await exports.AnswerAsync<RetryRow>(
            context,
            "retries",
            "all",
            Heading,
            async (_, _) =>
            {
                var all = await queries.ReadAsync(context.User, time.GetUtcNow().ToUnixTimeMilliseconds(), context.RequestAborted);
                return new([.. all.Where(row => isTest is null || row.IsTest == isTest)], HasOlder: false);
            },
            static row =>
                [
                    row.DeliveryId ?? "",
                    row.EventName ?? "",
                    row.Contract.Name(),
                    row.OrderName ?? "",
                    row.Iccid ?? "",
                    row.Story.State.ToString(),
                    CsvFile.Number(row.Story.Attempts.Count),
                    CsvFile.Instant(row.FirstAtMs),
                    CsvFile.Instant(row.LastSeenAtMs),
                    row.Reason ?? "",
                    CsvFile.Number(row.Seq),
                    row.IsTest ? "TEST" : "",
                ]
        );
    }
}
