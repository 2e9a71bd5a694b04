using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Desk.Cases;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Mvc;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary><c>GET /esims.csv</c>: the eSIMs with the filters of their page. No activation code is in it.</summary>
internal static class EsimExport
{
    /// <summary>The endpoint's path.</summary>
    public const string Path = "/esims.csv";

    private static readonly string[] Heading =
    [
        "iccid",
        "plan",
        "profile",
        "package_code",
        "package_name",
        "data_used_gb",
        "data_total_gb",
        "installed_utc",
        "expires_utc",
        "first_seen_utc",
        "last_event_utc",
        "test",
        "owner",
        "notes",
    ];

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> GetAsync(
        string? q,
        string? show,
        string? sort,
        string? tests,
        string[]? only,
        [FromQuery(Name = "since_ms")] long? sinceMs,
        [FromQuery(Name = "until_ms")] long? untilMs,
        HttpContext context,
        EsimQueries queries,
        CaseActions cases,
        Exports exports,
        TimeProvider time
    )
    {
        var filter = EsimViews.Filter(q, show, sort ?? "oldest", time.GetUtcNow().ToUnixTimeMilliseconds()) with
        {
            IsTest = Exports.EnvironmentOf(tests),
            Days = new(sinceMs, untilMs),
            Only = only ?? [],
        };
        var casesByKey = await cases.ForExportAsync(context.User, CaseKind.Esim, context.RequestAborted);
        return await exports.AnswerAsync<EsimRow>(
            context,
            "esims",
            $"show {show ?? "all"}, search “{q}”, {filter.Days}",
            Heading,
            (after, size) => queries.ListAsync(context.User, filter, after?.Position, size, context.RequestAborted),
            row => [.. ToCells(row), .. CaseActions.Cells(casesByKey, row.Iccid, row.IsTest)],
            () => queries.CountAsync(context.User, filter, context.RequestAborted)
        );
    }

    private static string[] ToCells(EsimRow row) =>
        [
            row.Iccid,
            StatusLooks.Of(row.PlanStatus, row.PlanStatusRaw).Word,
            StatusLooks.Of(row.ProfileStatus, row.ProfileStatusRaw, row.InstalledAtMs is not null).Word,
            row.PackageCode ?? "",
            row.PackageName ?? "",
            CsvFile.Number(row.DataUsedGb),
            CsvFile.Number(row.DataTotalGb),
            CsvFile.Instant(row.InstalledAtMs),
            CsvFile.Instant(row.ExpiresAtMs),
            CsvFile.Instant(row.SortAtMs == 0 ? null : row.SortAtMs),
            CsvFile.Instant(row.LastEventAtMs),
            row.IsTest ? "TEST" : "",
        ];
}
