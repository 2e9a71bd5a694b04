using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>The incidents that are open, and the alerts that are over.</summary>
public sealed partial class AlertsPage
{
    private const int PageSize = 25;

    private IReadOnlyList<Incident> incidents = [];
    private IReadOnlyList<long> news = [];
    private readonly HashSet<string> picked = new(StringComparer.Ordinal);
    private int shown = PageSize;
    private IReadOnlyList<AlertRow> over = [];

    [Inject]
    private AlertActions Alerts { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private IOptions<WholesaleOptions> Options { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Alert);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var open = await Alerts.OpenAsync(Who, cancellationToken);
        incidents = Incident.Of(open);
        news = [.. open.Where(alert => alert.IsNews).Select(alert => alert.Id)];
        over = await Alerts.OverAsync(Who, cancellationToken);
        picked.IntersectWith(incidents.Where(incident => incident.IsNews).Select(incident => incident.Id));
    }

    private void Pick(string id, bool isPicked) => _ = isPicked ? picked.Add(id) : picked.Remove(id);

    private async Task AcknowledgePickedAsync()
    {
        List<long> ids = [.. incidents.Where(incident => picked.Contains(incident.Id)).SelectMany(incident => incident.News)];
        if (await AcknowledgeAsync(ids))
        {
            picked.Clear();
        }
    }

    private Task<bool> AcknowledgeAsync(IReadOnlyCollection<long> ids) => TryAsync(who => Alerts.AcknowledgeAsync(Snackbar, who, ids));
}
