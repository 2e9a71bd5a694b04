using EsimFly.Dashboard.Contract;
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
    private EsimEvidence Evidence { get; set; } = default!;

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

    private async Task<string?> EvidenceAsync() => await Evidence.WriteAsync(Who, detail!, CancellationToken.None);
}
