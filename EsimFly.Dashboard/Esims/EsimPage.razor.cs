using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Esims;

/// <summary>One eSIM.</summary>
public sealed partial class EsimPage
{
    private EsimDetail? detail;
    private Verdict? verdict;

    /// <summary>The eSIM's ICCID.</summary>
    [Parameter]
    public string Iccid { get; set; } = "";

    /// <summary>Whether it is of the test world.</summary>
    [SupplyParameterFromQuery(Name = "test")]
    public bool IsTest { get; set; }

    [Inject]
    private EsimQueries Queries { get; set; } = default!;

    [Inject]
    private Evidence Evidence { get; set; } = default!;

    [Inject]
    private IOptions<DeskOptions> Options { get; set; } = default!;

    // Every step of the profile, latest first: switched on, off, deleted, and on which phone.
    private IReadOnlyList<EventRow> ProfileHistory =>
        [.. detail!.Events.Where(row => row.Type is EventType.EsimInstalled or EventType.EsimProfileUpdated)];

    private bool IsUsageBeforeTopUp => detail!.TopUps.Any(topUp => topUp.Succeeded && topUp.OccurredAtMs > detail.Esim.UsageAsOfMs);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Esim, Topic.TopUp);
        Clock.Listen(Tick);
    }

    private protected override bool Concerns(ChangeSet changes) =>
        changes.Concerns(Topic.Esim, Iccid) || changes.Concerns(Topic.TopUp, Iccid);

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        detail = await Queries.FindAsync(Iccid, IsTest, cancellationToken);
        Judge();
    }

    protected override void Dispose(bool disposing)
    {
        Clock.Ignore(Tick);
        base.Dispose(disposing);
    }

    // A verdict may change by time alone: a plan comes to its end.
    private void Tick() =>
        _ = InvokeAsync(() =>
        {
            Judge();
            StateHasChanged();
        });

    private void Judge() => verdict = detail is null ? null : EsimVerdict.Of(detail.Esim, detail.Events, Clock.NowMs);

    private async Task<string?> EvidenceAsync()
    {
        var esim = detail!.Esim;
        (string Name, string? Value)[] facts =
        [
            ("ICCID", esim.Iccid),
            ("Order id", detail.Order?.OrderId),
            ("Order reference", detail.Order?.OrderReference),
            ("eSIMfly's id", esim.EsimId),
            ("Package", string.Join(' ', new[] { esim.PackageName, esim.PackageCode }.OfType<string>())),
            ("Plan", StatusLooks.Of(esim.PlanStatus, esim.PlanStatusRaw).Word),
            ("Profile", StatusLooks.Of(esim.ProfileStatus, esim.ProfileStatusRaw, esim.InstalledAtMs is not null).Word),
            ("Installed", Instant(esim.InstalledAtMs)),
            ("Activated", Instant(esim.ActivatedAtMs)),
            ("Expires", Instant(esim.ExpiresAtMs)),
            ("Expired", Instant(esim.ExpiredAtMs)),
            (
                "Data used",
                esim.DataUsedGb is null ? null : FormattableString.Invariant($"{esim.DataUsedGb:0.##} of {esim.DataTotalGb:0.##} GB")
            ),
            ("EID", esim.Eid),
            ("IMSI", esim.Imsi),
            ("World", esim.IsTest ? "TEST" : null),
        ];
        return await Evidence.WriteAsync($"eSIM {esim.Iccid}", facts, verdict, detail.Events, unread: null, CancellationToken.None);

        static string? Instant(long? atMs) => atMs is { } at ? ViewerClock.Utc(at) : null;
    }
}
