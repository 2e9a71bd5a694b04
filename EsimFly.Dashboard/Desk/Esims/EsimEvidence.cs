using System.Security.Claims;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Cases;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>Writes the evidence for an eSIM.</summary>
internal sealed class EsimEvidence(Evidence evidence, EsimQueries queries, CaseActions cases, TimeProvider time)
{
    /// <summary>Writes it for an eSIM that is looked up; null where there is none.</summary>
    public async Task<string?> WriteAsync(ClaimsPrincipal who, string iccid, bool isTest, CancellationToken cancellationToken) =>
        await queries.FindAsync(who, iccid, isTest, cancellationToken) is { } detail
            ? await WriteAsync(who, detail, cancellationToken)
            : null;

    /// <summary>Writes it for an eSIM that is known.</summary>
    internal async Task<string> WriteAsync(ClaimsPrincipal who, EsimDetail detail, CancellationToken cancellationToken)
    {
        var esim = detail.Esim;
        (string Name, string? Value)[] facts =
        [
            ("ICCID", esim.Iccid),
            ("ICCID as sent", esim.SentAs),
            ("Order id", detail.Order?.OrderId),
            ("Order reference", detail.Order?.OrderReference),
            ("eSIMfly's id", esim.EsimId),
            ("Package", string.Join(' ', new[] { esim.PackageName, esim.PackageCode }.OfType<string>())),
            ("Plan", StatusLooks.Of(esim.PlanStatus, esim.PlanStatusRaw).Word),
            ("Profile", StatusLooks.Of(esim.ProfileStatus, esim.ProfileStatusRaw, esim.InstalledAtMs is not null).Word),
            ("Installed", Instant(esim.InstalledAtMs)),
            ("Activated", Instant(esim.ActivatedAtMs)),
            ("Expires", Instant(esim.ExpiresAtMs)),
            ("Expiry that cannot be read", esim.UnreadExpiry),
            ("Expired", Instant(esim.ExpiredAtMs)),
            (
                "Data used",
                esim.DataUsedGb is null ? null : FormattableString.Invariant($"{esim.DataUsedGb:0.##} of {esim.DataTotalGb:0.##} GB")
            ),
            ("Plan and dates from", esim.Flags.HasFlag(EsimFlags.FromApi) ? $"eSIMfly's API, {Instant(esim.ObservedAtMs)}" : null),
            (Identity.Eid.Word, esim.Eid),
            (Identity.Imsi.Word, esim.Imsi),
            ("Asked first", FirstLine.Describe((await cases.ReadAsync(who, CaseSubject.Of(esim), cancellationToken)).Answers)),
            ("Environment", esim.IsTest ? "TEST" : null),
        ];
        return await evidence.WriteAsync(
            who,
            $"eSIM {esim.Iccid}",
            facts,
            EsimVerdict.Of(esim, detail.Events, time.GetUtcNow().ToUnixTimeMilliseconds()),
            detail.Events,
            unread: null,
            cancellationToken
        );

        static string? Instant(long? atMs) => atMs is { } at ? ViewerClock.Utc(at) : null;
    }
}
