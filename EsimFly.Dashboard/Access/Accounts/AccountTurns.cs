using System.Collections.Concurrent;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary>
/// Lets the tries to get into one account come one after another, so that each counts towards the lockout: those that came
/// at once would overwrite each other's count. Another process has turns of its own, and with them a lockout's worth of tries.
/// </summary>
internal sealed class AccountTurns
{
    // One an account that exists, so there are no more than accounts.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn; disposing ends it.</summary>
    public async Task<IDisposable> TakeAsync(string accountId, CancellationToken cancellationToken)
    {
        var turn = turns.GetOrAdd(accountId, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
