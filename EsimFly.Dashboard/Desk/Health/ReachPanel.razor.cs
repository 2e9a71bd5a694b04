using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Expected;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Health;

public sealed partial class ReachPanel
{
    private const int MostShown = 10;

    private static readonly TimeSpan Recent = TimeSpan.FromDays(3);

    /// <summary>What is known.</summary>
    [Parameter, EditorRequired]
    public ReachFacts Facts { get; set; } = default!;

    private StatusLook Look =>
        Facts switch
        {
            { Outage.IsCertain: true } => new("Nothing is taken", Icons.Material.Outlined.CloudOff, Color.Error),
            { Outage: not null } => new("Nothing verifies", Icons.Material.Outlined.CloudOff, Color.Warning),
            { AtRisk.Count: > 0 } => new("Some are missing", Icons.Material.Outlined.WarningAmber, Color.Warning),
            { LastTakenAtMs: null } => new("Nothing has come yet", Icons.Material.Outlined.HourglassEmpty, Color.Default),
            _ => new("Yes", Icons.Material.Outlined.CheckCircle, Color.Success),
        };

    private static string Requests(Outage outage) =>
        outage.Requests == 1 ? "a request" : FormattableString.Invariant($"{outage.Requests:#,0} requests");

    private static string Deliveries(int count) => count == 1 ? "1 delivery" : FormattableString.Invariant($"{count:#,0} deliveries");

    private string Means(Downtime down)
    {
        var losses = new[] { ContractVersion.V2026_04, ContractVersion.V2025_11 }
            .Select(contract => (Contract: contract, Before: down.LostBeforeMs(contract)))
            .Where(item => item.Before is not null)
            .Select(item => $"those of contract {item.Contract.Name()} that were first sent before {Clock.Short(item.Before!.Value)}")
            .ToList();
        var late = new[] { ContractVersion.V2026_04, ContractVersion.V2025_11 }.Max(down.LateUntilMs);
        var until = late > Clock.NowMs ? $"come late, until {Clock.Short(late)}" : $"came late, until {Clock.Short(late)}";
        return losses.Count == 0
            ? $"Shorter than eSIMfly’s schedules: what was sent in that time is not lost; it {until}."
            : $"Longer than a schedule of eSIMfly’s: {string.Join(" and ", losses)} are lost. The rest {until}. "
                + "Missing lists the orders and customers affected.";
    }
}
