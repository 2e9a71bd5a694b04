using EsimFly.Dashboard.Access.Sessions;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Desk.Search;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;

namespace EsimFly.Dashboard.Desk.Layout;

/// <summary>
/// The frame of every page. It shows nothing until the browser has reported which theme and time zone it has, so nothing flashes.
/// </summary>
public sealed partial class MainLayout : IDisposable
{
    private DotNetObjectReference<MainLayout>? self;
    private ErrorBoundary? boundary;
    private SearchPalette? palette;
    private bool isDrawerOpen = true;
    private bool isReady;
    private bool isDark;
    private string theme = "system";

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private CircuitSession Session { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private ViewerChoices Choices { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    private string themeIcon =>
        theme switch
        {
            "light" => Icons.Material.Outlined.LightMode,
            "dark" => Icons.Material.Outlined.DarkMode,
            _ => Icons.Material.Outlined.Contrast,
        };

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        var viewer = await Js.InvokeAsync<Viewer?>("desk.viewer");
        Show(viewer);
        isDrawerOpen = viewer?.IsNarrow != true;
        self = DotNetObjectReference.Create(this);
        var lostAtMs = await Js.InvokeAsync<long>("desk.watch", self);
        if (lostAtMs > 0)
        {
            Clock.NoteReconnected(lostAtMs);
        }

        isReady = true;
        StateHasChanged();
        if (lostAtMs > 0)
        {
            SayReconnected(lostAtMs);
        }
    }

    /// <summary>Called by the page's script when the search has been opened.</summary>
    [JSInvokable]
    public Task SearchOpened() => palette?.OpenedAsync() ?? Task.CompletedTask;

    /// <summary>Called by the page's script when this page has its lost connection back.</summary>
    [JSInvokable]
    public void Reconnected(long lostAtMs)
    {
        Clock.NoteReconnected(lostAtMs);
        SayReconnected(lostAtMs);
    }

    /// <summary>Called by the page's script with each click, to see whether the desk answers.</summary>
    [JSInvokable]
    public Task Answer() => Task.CompletedTask;

    /// <summary>Called by the page's script when the system has turned light or dark.</summary>
    [JSInvokable]
    public async Task SystemThemeChanged()
    {
        Show(await Js.InvokeAsync<Viewer>("desk.viewer"));
        StateHasChanged();
    }

    /// <summary>Called by the page's script when its viewer has done something, at most once a minute.</summary>
    [JSInvokable]
    public void NoteActivity() => Session.NoteActivity();

    /// <inheritdoc/>
    public void Dispose() => self?.Dispose();

    protected override void OnParametersSet() => boundary?.Recover();

    private async Task SetThemeAsync(string chosen) => Show(await Js.InvokeAsync<Viewer>("desk.setTheme", chosen));

    private void Show(Viewer? viewer)
    {
        theme = viewer?.Theme ?? "system";
        isDark = viewer?.IsDark ?? false;
        Clock.SetZone(viewer?.TimeZone);
        Choices.Hide(viewer?.HidesTests == true);
    }

    private void SayReconnected(long lostAtMs) =>
        Snackbar.Add($"Connected again. What came since {Clock.Local(lostAtMs, "HH:mm:ss")} is shown and highlighted.", Severity.Success);

    private async Task HideTestsAsync()
    {
        Choices.Hide(!Choices.HidesTests);
        await Js.InvokeVoidAsync("desk.write", "hideTests", Choices.HidesTests);
    }

    private void ToggleDrawer() => isDrawerOpen = !isDrawerOpen;

    /// <summary>What the browser says of its viewer.</summary>
    private sealed record Viewer(string Theme, bool IsDark, bool IsNarrow, bool HidesTests, string? TimeZone);
}
