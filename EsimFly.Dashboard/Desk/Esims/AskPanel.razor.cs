using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>Asks eSIMfly about one eSIM while its customer waits.</summary>
public sealed partial class AskPanel
{
    private bool isConnected;
    private bool isBusy;
    private bool hasOpened;
    private AskedNow? answer;
    private UsageReport? report;

    /// <summary>The eSIM.</summary>
    [Parameter, EditorRequired]
    public string Iccid { get; set; } = "";

    /// <summary>When eSIMfly's API last answered about it, Unix milliseconds; null for never.</summary>
    [Parameter]
    public long? ObservedAtMs { get; set; }

    [Inject]
    private EsimAsk Asking { get; set; } = default!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Account);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        isConnected = await Asking.IsConnectedAsync(Who, cancellationToken);
        if (isConnected && !hasOpened)
        {
            hasOpened = true;
            Post(OpenedAsync); // the page does not wait for it
        }
    }

    private async Task OpenedAsync()
    {
        try
        {
            await Asking.OpenedAsync(Who, Iccid, ObservedAtMs, Gone);
        }
        catch (Exception fault)
            when (fault is AccessDeniedException or StorageUnavailableException or System.Data.Common.DbException or TimeoutException)
        {
            // The viewer did not ask for it, and what the page shows is as good as before.
        }
    }

    private Task AskAsync() =>
        BusyAsync(async who =>
        {
            var outcome = await Asking.AskAsync(who, Iccid, CancellationToken.None);
            answer = outcome.Answer ?? answer;
            return outcome.Problem;
        });

    private Task ReportAsync() =>
        BusyAsync(async who =>
        {
            (report, var problem) = await Asking.UsageReportAsync(who, Iccid, CancellationToken.None);
            return problem;
        });

    private async Task BusyAsync(Func<System.Security.Claims.ClaimsPrincipal, Task<string?>> ask)
    {
        isBusy = true;
        StateHasChanged();
        string? problem = null;
        if (await TryAsync(async who => problem = await ask(who)) && problem is not null)
        {
            Warn(problem);
        }

        isBusy = false;
    }

    private static string? Join(params IEnumerable<string?> parts) =>
        parts.OfType<string>().ToList() is { Count: > 0 } known ? JsonText.MakeVisible(string.Join(", ", known)) : null;
}
