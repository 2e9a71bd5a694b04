namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// Counts who has a file open, so that it can be replaced: SQLite deletes a write-ahead log by its name when the last connection
/// closes, which must never be the log of the file that has taken the old one's place.
/// </summary>
internal sealed class FileUse
{
    private readonly object gate = new(); // waited on, so not a Lock
    private bool isClosed;
    private int users;

    /// <summary>Waits while the file is being replaced, then counts one user more.</summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public void Enter(TimeSpan patience)
    {
        lock (gate)
        {
            if (!WaitUntil(() => !isClosed, patience))
            {
                throw new TimeoutException("The read model's file is being replaced.");
            }

            users++;
        }
    }

    /// <summary>Counts one user more, unless the file is being replaced.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (isClosed)
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
            users--;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Lets nobody in, waits until the last one has left, does the work, and opens again.</summary>
    /// <exception cref="TimeoutException">Somebody did not leave in time; nothing was done.</exception>
    public void Alone(TimeSpan patience, Action work)
    {
        lock (gate)
        {
            isClosed = true;
            try
            {
                if (!WaitUntil(() => users == 0, patience))
                {
                    throw new TimeoutException("The read model's file is still in use.");
                }

                work();
            }
            finally
            {
                isClosed = false;
                Monitor.PulseAll(gate);
            }
        }
    }

    private bool WaitUntil(Func<bool> holds, TimeSpan patience)
    {
        var until = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (!holds())
        {
            var left = until - Environment.TickCount64;
            if (left <= 0 || !Monitor.Wait(gate, TimeSpan.FromMilliseconds(left)))
            {
                return holds();
            }
        }

        return true;
    }
}
