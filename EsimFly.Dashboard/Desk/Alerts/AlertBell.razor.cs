using EsimFly.Dashboard.Live;
using Microsoft.JSInterop;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Alerts;

public sealed partial class AlertBell
{
    private const int MostShown = 15;

    private IReadOnlyList<AlertRow> open = [];
    private IReadOnlyList<Incident> incidents = [];
    private List<AlertRow> news = [];
    private int unseen;
    private HashSet<(long Id, long Stamp)>? heard;
    private bool hasErrors;
    private bool isAnnouncing;
    private bool notifies;
    private bool sounds;

    private string Label =>
        unseen switch
        {
            0 => "Alerts: none",
            1 => "Alerts: 1 new",
            var count => $"Alerts: {count} new",
        };

    private string Currency => Options.Value.Currency;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Alert);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        open = await Alerts.OpenAsync(Who, cancellationToken);
        incidents = Incident.Of(open);
        news = [.. open.Where(alert => alert.IsNews)];
        unseen = incidents.Count(static incident => incident.IsNews);
        Attention.Set(unseen);
        hasErrors = news.Exists(alert => alert.Level == EsimFly.Dashboard.Storage.Entities.AlertLevel.Error);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            var choices = await Js.InvokeAsync<Choices?>("desk.alertChoices");
            (notifies, sounds) = (choices?.Notify == true, choices?.Sound == true);
            StateHasChanged();
        }

        await AnnounceAsync();
    }

    // What was there when the page was opened is seen; what is raised later is announced, several at once together.
    private async Task AnnounceAsync()
    {
        if (IsLoading || isAnnouncing)
        {
            return;
        }

        var known = news;
        var unheard = heard is null ? [] : known.FindAll(alert => !heard.Contains((alert.Id, alert.Stamp)));
        isAnnouncing = true;
        try
        {
            if (unheard is [var first, ..])
            {
                var title = unheard.Count == 1 ? AlertWords.Title(first, Currency) : $"{unheard.Count} new alerts";
                await Js.InvokeVoidAsync("desk.announce", TimeSpan.FromSeconds(10), first.Id, title, AlertWords.Detail(first, Currency));
            }

            heard = [.. known.Select(alert => (alert.Id, alert.Stamp))];
        }
        catch (Exception fault) when (fault is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // The connection is lost, or this browser cannot: it is reported with the next change.
        }
        finally
        {
            isAnnouncing = false;
        }
    }

    private Task<bool> AcknowledgeAsync(IReadOnlyCollection<long> ids) => TryAsync(who => Alerts.AcknowledgeAsync(Snackbar, who, ids));

    private async Task SetNotifyAsync(bool isOn) => notifies = await Js.InvokeAsync<bool>("desk.setNotify", isOn);

    private async Task SetSoundAsync(bool isOn)
    {
        sounds = isOn;
        await Js.InvokeVoidAsync("desk.setSound", isOn);
    }

    /// <summary>What this browser does when an alert is raised.</summary>
    private sealed record Choices(bool Notify, bool Sound);
}
