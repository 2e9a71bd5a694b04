using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>One eSIM.</summary>
public sealed partial class EsimPage
{
    private EsimDetail? detail;

    /// <summary>The eSIM's ICCID.</summary>
    [Parameter]
    public string Iccid { get; set; } = "";

    /// <summary>Whether it is test data.</summary>
    [SupplyParameterFromQuery(Name = "test")]
    public bool IsTest { get; set; }

    [Inject]
    private EsimQueries Queries { get; set; } = default!;

    [Inject]
    private Evidence Evidence { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Esim, Topic.TopUp);
    }

    // The address may have it in another form.
    private string Key => IccidText.Key(Iccid);

    private protected override bool Concerns(ChangeSet changes) => changes.Concerns(Topic.Esim, Key) || changes.Concerns(Topic.TopUp, Key);

    private protected override async Task FindAsync(CancellationToken cancellationToken) =>
        detail = await Queries.FindAsync(Who, Iccid, IsTest, cancellationToken);

    private protected override Verdict? Judge() => detail is null ? null : EsimVerdict.Of(detail.Esim, detail.Events, Clock.NowMs);

    private async Task<string?> EvidenceAsync()
    {
        var esim = detail!.Esim;
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
            ("EID", esim.Eid),
            ("IMSI", esim.Imsi),
            ("Environment", esim.IsTest ? "TEST" : null),
        ];
        return await Evidence.WriteAsync(Who, $"eSIM {esim.Iccid}", facts, Verdict, detail.Events, unread: null, CancellationToken.None);

        static string? Instant(long? atMs) => atMs is { } at ? ViewerClock.Utc(at) : null;
    }
}
