using System.Globalization;
using System.Net.Mime;
using CsvHelper;
using EsimFly.Dashboard.Components;
using Microsoft.AspNetCore.Mvc;

namespace EsimFly.Dashboard.Settings;

/// <summary><c>GET /settings/audit.csv</c>: the audit log as CSV (RFC 4180), with the filters of its page.</summary>
internal static class AuditExport
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/settings/audit.csv";

    // A cell that a spreadsheet would take for a formula gets a quote before it (OWASP, CSV injection).
    private static readonly CsvWriterOptions Csv = new() { Injection = CsvInjection.Escape, WriteByteOrderMark = true };

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> GetAsync(
        string? q, string? action, [FromQuery(Name = "since_ms")] string? since, [FromQuery(Name = "until_ms")] string? until, HttpContext context, AuditQueries queries)
    {
        var rows = await queries.ExportAsync(context.User, new AuditFilter(q, action, Read(since), Read(until)), context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted);
        return TypedResults.Stream(
            async stream =>
            {
                await using var csv = CsvWriter.Create(stream, Csv, leaveOpen: true);
                await csv.WriteRecordAsync(["time_utc", "actor", "action", "subject", "detail", "address"], context.RequestAborted);
                await foreach (var row in rows)
                {
                    await csv.WriteRecordAsync([ViewerClock.Utc(row.AtMs), row.Actor, row.Action, row.Subject ?? "", row.Detail ?? "", row.Address ?? ""], context.RequestAborted);
                }
            },
            MediaTypeNames.Text.Csv,
            "audit.csv");
    }

    private static long? Read(string? ms) => long.TryParse(ms, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
