using EsimFly.Dashboard.Components.Tables;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary><c>GET /deliveries/missing.csv</c>: the events that should have come.</summary>
internal static class MissingExport
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/deliveries/missing.csv";

    private const int MostOfAKind = 10_000;

    private static readonly string[] Heading = ["missing", "order_or_iccid", "package_name", "since_utc", "test"];

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> GetAsync(
        string? tests,
        HttpContext context,
        MissingQueries queries,
        Exports exports,
        TimeProvider time
    )
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        return await exports.AnswerAsync<MissingEvent>(
            context,
            "missing",
            "all",
            Heading,
            async (_, _) =>
                new(
                    await queries.ReadAsync(context.User, Exports.EnvironmentOf(tests), nowMs, MostOfAKind, context.RequestAborted),
                    HasOlder: false
                ),
            static row => [row.Kind.ToString(), row.Subject, row.PackageName ?? "", CsvFile.Instant(row.SinceMs), row.IsTest ? "TEST" : ""]
        );
    }
}
