namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>
/// How many passwords are checked at once: each takes a processor for a tenth of a second, on purpose, and deliveries need the others.
/// Those that come too many at once wait, and beyond a certain number are refused.
/// </summary>
internal sealed class PasswordTurns : IDisposable
{
    private const int MostWaiting = 20;

    private readonly SemaphoreSlim turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int waiting;

    /// <summary>Waits for a turn; disposing ends it.</summary>
    /// <returns>Null where too many wait already.</returns>
    public async Task<IDisposable?> TakeAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return null;
        }

        try
        {
            await turns.WaitAsync(cancellationToken);
            return new Turn(turns);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
