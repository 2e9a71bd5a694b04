namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// Counts who has a file open, so that it can be replaced: SQLite deletes a write-ahead log by its name when the last connection
/// closes, which must never be the log of the file that has taken the old one's place. Its lock is held for counting alone.
/// </summary>
internal sealed class FileUse
{
    private readonly Lock gate = new();
    private TaskCompletionSource? opened; // while the file is being replaced
    private TaskCompletionSource? left; // while the last user is waited for
    private int users;

    /// <summary>Waits while the file is being replaced, then counts one user more. For a thread that may wait.</summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public void Enter(TimeSpan patience)
    {
        while (!TryEnter())
        {
            if (Opened() is { } wait && !wait.Wait(patience))
            {
                throw Replacing();
            }
        }
    }

    /// <summary>The same without a thread that waits.</summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async ValueTask EnterAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        while (!TryEnter())
        {
            if (Opened() is { } wait)
            {
                try
                {
                    await wait.WaitAsync(patience, cancellationToken);
                }
                catch (TimeoutException)
                {
                    throw Replacing();
                }
            }
        }
    }

    /// <summary>Counts one user more, unless the file is being replaced; never waits.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (opened is not null)
            {
                return false;
            }

            users++;
            return true;
        }
    }

    /// <summary>Counts one user less.</summary>
    public void Exit()
    {
        lock (gate)
        {
            if (--users == 0)
            {
                left?.TrySetResult();
            }
        }
    }

    /// <summary>Lets nobody in, waits until the last one has left, does the work, and opens again.</summary>
    /// <exception cref="TimeoutException">Somebody did not leave in time; nothing was done.</exception>
    public void Alone(TimeSpan patience, Action work)
    {
        Task last;
        lock (gate)
        {
            if (opened is not null)
            {
                throw new InvalidOperationException("The file is being replaced already.");
            }

            opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
            left = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (users == 0)
            {
                left.SetResult();
            }

            last = left.Task;
        }

        try
        {
            if (!last.Wait(patience))
            {
                throw new TimeoutException("The read model's file is still in use.");
            }

            work();
        }
        finally
        {
            TaskCompletionSource done;
            lock (gate)
            {
                (done, opened, left) = (opened, null, null);
            }

            done.SetResult();
        }
    }

    private static TimeoutException Replacing() => new("The read model's file is being replaced.");

    private Task? Opened()
    {
        lock (gate)
        {
            return opened?.Task;
        }
    }
}
