using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace EsimFly.Dashboard.Access.Reveal;

public sealed partial class RevealCode
{
    private const int ShownForSeconds = 30;

    private readonly CancellationTokenSource gone = new();
    private RevealedCode? revealed;
    private string? problem;
    private bool isBusy;
    private ITimer? timer;
    private int secondsLeft;

    /// <summary>The eSIM.</summary>
    [Parameter, EditorRequired]
    public string Iccid { get; set; } = "";

    /// <summary>Whether it is test data.</summary>
    [Parameter]
    public bool IsTest { get; set; }

    /// <summary>What it is a plan of, for the text to the customer.</summary>
    [Parameter]
    public string? PackageName { get; set; }

    /// <summary>Whether a code was received for it.</summary>
    [Parameter]
    public bool HasCode { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState> Session { get; set; } = default!;

    public void Dispose()
    {
        timer?.Dispose();
        gone.Cancel();
        gone.Dispose();
    }

    private async Task RevealAsync()
    {
        if (isBusy)
        {
            return; // a second click is no second look
        }

        isBusy = true;
        try
        {
            (revealed, var refused) = await Reveal.RevealAsync((await Session).User, Iccid, IsTest, gone.Token);
            problem = refused ?? (revealed is null ? "No code is kept for this eSIM." : null);
        }
        catch (AccessDeniedException)
        {
            problem = "Your account may not see codes, or no longer.";
        }
        catch (StorageUnavailableException)
        {
            problem = "This look could not be recorded, so the code stays masked. Try again.";
        }
        finally
        {
            isBusy = false;
        }

        secondsLeft = ShownForSeconds;
        timer?.Dispose();
        timer = revealed is null
            ? null
            : Time.CreateTimer(_ => _ = InvokeAsync(Tick), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    private void Tick()
    {
        if (--secondsLeft <= 0)
        {
            Mask();
        }

        StateHasChanged();
    }

    private void Mask()
    {
        revealed = null;
        timer?.Dispose();
    }
}
