using System.Globalization;
using EsimFly.Dashboard.Components.Tables;
using Microsoft.AspNetCore.Mvc;

namespace EsimFly.Dashboard.Access.Audit;

/// <summary><c>GET /settings/audit.csv</c>: the audit log with the filters of its page.</summary>
internal static class AuditExport
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/settings/audit.csv";

    private static readonly string[] Heading = ["time_utc", "actor", "action", "subject", "detail", "address"];

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> GetAsync(
        string? q,
        string? action,
        [FromQuery(Name = "since_ms")] string? since,
        [FromQuery(Name = "until_ms")] string? until,
        HttpContext context,
        AuditQueries queries
    )
    {
        var rows = await queries.ExportAsync(
            context.User,
            new AuditFilter(q, action, Read(since), Read(until)),
            context.Connection.RemoteIpAddress?.ToString(),
            context.RequestAborted
        );
        return CsvFile.Of(
            context,
            "audit.csv",
            Heading,
            rows.Select(row =>
                new[] { CsvFile.Instant(row.AtMs), row.Actor, row.Action, row.Subject ?? "", row.Detail ?? "", row.Address ?? "" }
            )
        );
    }

    private static long? Read(string? ms) =>
        long.TryParse(ms, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
