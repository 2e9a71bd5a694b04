using EsimFly.Dashboard.Components.Viewer;

namespace EsimFly.Dashboard.Desk.Verdicts;

/// <summary>The page of an order or an eSIM: opens with a verdict, which may change by time alone.</summary>
public abstract class VerdictPage : LiveComponent
{
    /// <summary>The verdict; null where there is nothing to judge.</summary>
    private protected Verdict? Verdict { get; private set; }

    /// <summary>Judges what was loaded, at the present moment; null where nothing was found.</summary>
    private protected abstract Verdict? Judge();

    /// <summary>Queries what is shown; the verdict follows from it.</summary>
    private protected abstract Task FindAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task LoadAsync(CancellationToken cancellationToken)
    {
        await FindAsync(cancellationToken);
        Verdict = Judge();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        Clock.Listen(Tick);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Clock.Ignore(Tick);
        base.Dispose(disposing);
    }

    private void Tick() =>
        Post(() =>
        {
            Verdict = Judge();
            StateHasChanged();
        });
}
