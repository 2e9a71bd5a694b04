using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace EsimFly.Dashboard.Components.Viewer;

/// <summary>
/// A component that shows what is stored and looks again when it changes. A load that is overtaken is cancelled; nothing
/// goes on after the component is gone.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private CancellationTokenSource? loading;
    private Task running = Task.CompletedTask;
    private IDisposable? subscription;
    private long lookedAt;
    private bool isOwnDue;
    private string? loadProblem;
    private string? actionProblem;
    private object? loadedFor;

    /// <summary>Prepares it.</summary>
    protected LiveComponent() => Gone = gone.Token; // taken now: the source is disposed with the component

    /// <summary>Cancelled when the component is gone.</summary>
    protected CancellationToken Gone { get; }

    /// <summary>Whether the first load is still under way.</summary>
    protected bool IsLoading { get; private set; } = true;

    /// <summary>What went wrong with what was last asked for, or else with the last load, in words; null where nothing did.</summary>
    protected string? Problem => actionProblem ?? loadProblem;

    /// <summary>How long the last load took.</summary>
    protected TimeSpan LoadTime { get; private set; }

    /// <summary>When the page was opened, Unix milliseconds: what comes later is highlighted.</summary>
    protected long OpenedAtMs { get; private set; }

    /// <summary>The viewer's time.</summary>
    [Inject]
    private protected ViewerClock Clock { get; set; } = default!;

    /// <summary>Who looks at it.</summary>
    [CascadingParameter]
    private protected Task<AuthenticationState> Session { get; set; } = default!;

    /// <summary>The same, as they were when the load under way began; every query asks for them.</summary>
    private protected ClaimsPrincipal Who { get; private set; } = new();

    /// <summary>What the viewer chose to see.</summary>
    [Inject]
    private protected ViewerChoices Viewing { get; set; } = default!;

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
        subscription ??= Notifier.Subscribe(
            topics,
            changes => Concerns(changes) ? InvokeAsync(FollowAsync) : Task.CompletedTask,
            FollowEvery
        );

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Viewing.Changed += Rechoose;
        OpenedAtMs = Clock.FreshSinceMs;
        if (LookEvery is not null)
        {
            lookedAt = Clock.Timestamp;
            Clock.Listen(LookAgain);
        }
    }

    /// <summary>How often it looks again at most, where changes come in a stream; expensive queries say less often.</summary>
    protected virtual TimeSpan FollowEvery => TimeSpan.FromMilliseconds(100);

    /// <summary>How often it looks again though nothing has changed, for what comes about by time alone; null for never.</summary>
    protected virtual TimeSpan? LookEvery => null;

    /// <summary>Whether the load under way is due to a change, and not to what its viewer did.</summary>
    protected bool IsFollowing { get; private set; }

    /// <summary>Whether the changes concern what is shown.</summary>
    private protected virtual bool Concerns(ChangeSet changes) => true;

    /// <summary>Queries what is shown.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// What its parameters ask for, compared by value; null where that is not known. A parent sets parameters with each of its renders,
    /// and what is shown already is not loaded again.
    /// </summary>
    private protected virtual object? LoadKey => null;

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        if (LoadKey is { } about)
        {
            if (about.Equals(loadedFor))
            {
                return Task.CompletedTask;
            }

            loadedFor = about;
        }

        actionProblem = null; // it was about what was looked at before
        return ReloadAsync();
    }

    /// <summary>Whether it is time to load again though nothing has changed.</summary>
    private protected virtual bool IsDue => Clock.Since(lookedAt) >= LookEvery;

    private void LookAgain()
    {
        if (loading is null && IsDue) // one that takes longer than that is left to end
        {
            lookedAt = Clock.Timestamp;
            Post(FollowAsync);
        }
    }

    /// <summary>Runs work on the page's thread for a caller that does not wait. What fails is the page's fault, and is not lost.</summary>
    private protected void Post(Func<Task> work) =>
        _ = InvokeAsync(async () =>
        {
            try
            {
                if (!Gone.IsCancellationRequested)
                {
                    await work();
                }
            }
            catch (OperationCanceledException) when (Gone.IsCancellationRequested)
            {
                // The component is gone, and its work with it.
            }
            catch (Exception fault)
            {
                await DispatchExceptionAsync(fault);
            }
        });

    /// <summary>The same for work that only changes what is rendered.</summary>
    private protected void Post(Action work) =>
        Post(() =>
        {
            work();
            return Task.CompletedTask;
        });

    private async Task FollowAsync()
    {
        try
        {
            await ReloadAsync(isFollowing: true);
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault); // or the page would go on, out of date, without a word
        }
    }

    /// <summary>Loads again and renders.</summary>
    protected Task ReloadAsync() => ReloadAsync(isFollowing: false);

    /// <summary>Called when its viewer chose to see or to hide test data, before it is loaded again.</summary>
    /// <returns>Whether it went to another address, which loads it.</returns>
    private protected virtual bool ChoicesChanged() => false;

    private void Rechoose(object? sender, EventArgs changed) => Post(() => ChoicesChanged() ? Task.CompletedTask : ReloadAsync());

    private async Task ReloadAsync(bool isFollowing)
    {
        if (gone.IsCancellationRequested)
        {
            return;
        }

        isOwnDue |= !isFollowing; // what its viewer asked for is still due where a change overtakes it
        loading?.Cancel();
        using var own = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
        loading = own;
        await (running = LoadAfterAsync(running, own, isFollowing));
    }

    // One load after the other: the end of one that was overtaken would put what it read earlier over what is newer.
    private async Task LoadAfterAsync(Task overtaken, CancellationTokenSource own, bool isFollowing)
    {
        await overtaken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (own.IsCancellationRequested)
        {
            return;
        }

        try
        {
            var started = Clock.Timestamp;
            Who = (await Session).User;
            IsFollowing = isFollowing && !isOwnDue;
            await LoadAsync(own.Token);
            isOwnDue &= own.IsCancellationRequested; // what was asked for meanwhile is still due
            LoadTime = Clock.Since(started);
            loadProblem = null;
        }
        catch (Exception fault) when (own.IsCancellationRequested && fault is OperationCanceledException or System.Data.Common.DbException)
        {
            return; // overtaken; a read between two rows is interrupted by an error of the database's own
        }
        catch (AccessDeniedException)
        {
            loadProblem = "Your account may not see this, or no longer.";
            loadedFor = null; // or its parent's next render would not load it
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException)
        {
            LoadFailed(Logger, fault);
            loadProblem = "This could not be read just now. What is shown may be out of date; it is tried again with the next change.";
            loadedFor = null;
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

    /// <summary>Does what its viewer asked for, as them; says so where they may not, or where it could not be written.</summary>
    /// <returns>Whether it was done.</returns>
    protected async Task<bool> TryAsync(Func<ClaimsPrincipal, Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            await action((await Session).User);
            actionProblem = null;
            return true;
        }
        catch (AccessDeniedException)
        {
            actionProblem = "Your account may not do that, or no longer. Nothing was changed.";
        }
        catch (StorageUnavailableException)
        {
            actionProblem = "That could not be written just now, so it was not done. Try again.";
        }
        catch (System.Data.Common.DbException fault)
        {
            LoadFailed(Logger, fault);
            actionProblem = "That could not be read just now, so it was not done. Try again.";
        }

        return false;
    }

    /// <summary>Says why something was not done.</summary>
    protected void Warn(string words) => actionProblem = words;

    /// <summary>Ends what goes on.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Viewing.Changed -= Rechoose;
            Clock.Ignore(LookAgain);
            subscription?.Dispose();
            gone.Cancel();
            gone.Dispose();
        }
    }

    private static readonly Action<ILogger, Exception?> LoadFailed = LoggerMessage.Define(
        LogLevel.Error,
        new EventId(1, nameof(LoadFailed)),
        "A page could not load what it shows."
    );
}
