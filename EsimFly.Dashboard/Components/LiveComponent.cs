using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Components;

/// <summary>
/// A component that shows what is stored and looks again when it changes. A load that is overtaken is cancelled; nothing
/// goes on after the component is gone.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private CancellationTokenSource? loading;
    private IDisposable? subscription;

    /// <summary>Whether the first load is still under way.</summary>
    protected bool IsLoading { get; private set; } = true;

    /// <summary>What went wrong with the last load, in words; null where nothing did.</summary>
    protected string? Problem { get; private set; }

    /// <summary>When the page was opened, Unix milliseconds: what comes later is highlighted.</summary>
    protected long OpenedAtMs { get; private set; }

    /// <summary>The viewer's time.</summary>
    [Inject]
    private protected ViewerClock Clock { get; set; } = default!;

    [Inject]
    private ChangeNotifier Notifier { get; set; } = default!;

    [Inject]
    private ILogger<LiveComponent> Logger { get; set; } = default!;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Listens to the given topics from now on.</summary>
    private protected void Listen(params IEnumerable<Topic> topics) =>
        subscription ??= Notifier.Subscribe(topics, changes => Concerns(changes) ? InvokeAsync(ReloadAsync) : Task.CompletedTask);

    /// <inheritdoc/>
    protected override void OnInitialized() => OpenedAtMs = Clock.NowMs;

    /// <summary>Whether the changes concern what is shown.</summary>
    private protected virtual bool Concerns(ChangeSet changes) => true;

    /// <summary>Queries what is shown.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => ReloadAsync();

    /// <summary>Loads again and renders.</summary>
    protected async Task ReloadAsync()
    {
        if (gone.IsCancellationRequested)
        {
            return;
        }

        loading?.Cancel();
        using var own = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
        loading = own;
        try
        {
            await LoadAsync(own.Token);
            Problem = null;
        }
        catch (OperationCanceledException) when (own.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException)
        {
            LoadFailed(Logger, fault);
            Problem = "This could not be read just now. What is shown may be out of date; it is tried again with the next change.";
        }
        finally
        {
            if (ReferenceEquals(loading, own))
            {
                loading = null;
            }
        }

        IsLoading = false;
        StateHasChanged();
    }

    /// <summary>Ends what goes on.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            subscription?.Dispose();
            gone.Cancel();
            gone.Dispose();
        }
    }

    private static readonly Action<ILogger, Exception?> LoadFailed =
        LoggerMessage.Define(LogLevel.Error, new EventId(1, nameof(LoadFailed)), "A page could not load what it shows.");
}
