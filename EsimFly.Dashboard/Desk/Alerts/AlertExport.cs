using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary><c>GET /alerts.csv</c>: the alerts that are open, and the latest that are over.</summary>
internal static class AlertExport
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/alerts.csv";

    private static readonly string[] Heading =
    [
        "alert",
        "what",
        "about",
        "level",
        "raised_utc",
        "acknowledged_utc",
        "acknowledged_by",
        "ended_utc",
    ];

    /// <summary>Answers with the file.</summary>
    public static Task<IResult> GetAsync(HttpContext context, AlertActions alerts, Exports exports, IOptions<WholesaleOptions> options) =>
        exports.AnswerAsync<AlertRow>(
            context,
            "alerts",
            "all",
            Heading,
            async (_, _) =>
                new(
                    [
                        .. await alerts.OpenAsync(context.User, context.RequestAborted),
                        .. await alerts.OverAsync(context.User, context.RequestAborted),
                    ],
                    HasOlder: false
                ),
            row =>
                [
                    row.Kind.ToString(),
                    AlertWords.Title(row, options.Value.Currency),
                    row.Key,
                    row.Level.ToString(),
                    CsvFile.Instant(row.RaisedAtMs),
                    CsvFile.Instant(row.AcknowledgedAtMs),
                    row.AcknowledgedBy ?? "",
                    CsvFile.Instant(row.EndedAtMs),
                ]
        );
}
