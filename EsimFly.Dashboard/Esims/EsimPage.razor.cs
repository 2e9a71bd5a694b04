using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Esims;

/// <summary>One eSIM.</summary>
public sealed partial class EsimPage
{
    private EsimDetail? detail;

    /// <summary>The eSIM's ICCID.</summary>
    [Parameter]
    public string Iccid { get; set; } = "";

    /// <summary>Whether it is of the test world.</summary>
    [SupplyParameterFromQuery(Name = "test")]
    public bool IsTest { get; set; }

    [Inject]
    private EsimQueries Queries { get; set; } = default!;

    [Inject]
    private IOptions<DeskOptions> Options { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Esim, Topic.TopUp);
    }

    private protected override bool Concerns(ChangeSet changes) => changes.Concerns(Topic.Esim, Iccid) || changes.Concerns(Topic.TopUp, Iccid);

    protected override async Task LoadAsync(CancellationToken cancellationToken) => detail = await Queries.FindAsync(Iccid, IsTest, cancellationToken);
}
