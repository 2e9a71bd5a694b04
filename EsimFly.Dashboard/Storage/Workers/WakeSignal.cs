namespace EsimFly.Dashboard.Storage.Workers;

/// <summary>
/// Wakes one worker. What it has to do stands elsewhere: a signal too many costs a look, and one that is lost waits for the next look.
/// </summary>
internal sealed class WakeSignal(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim given = new(0, 1);

    /// <summary>There is something to do.</summary>
    public void Wake()
    {
        if (given.CurrentCount == 0)
        {
            try
            {
                given.Release();
            }
            catch (SemaphoreFullException)
            {
                // Woken by another at the same moment.
            }
        }
    }

    /// <summary>Waits until there is something to do or <paramref name="patience"/> is over.</summary>
    public async Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(patience, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        await given.WaitAsync(waiting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public void Dispose() => given.Dispose();
}
