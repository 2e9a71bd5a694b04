using System.Collections.Immutable;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Simulator;

/// <summary>
/// The deliveries that are being sent with retries. By the real clock that takes over an hour, so it goes on whether or not a
/// page looks on; it ends with the process, as a sender's would.
/// </summary>
internal sealed partial class RetryRuns(TimeProvider time, IHostApplicationLifetime lifetime, ILogger<RetryRuns> logger)
{
    /// <summary>So many are under way at most.</summary>
    public const int MostUnderWay = 10;

    private const int MostKept = 10;

    private readonly Lock starting = new();
    private ImmutableList<RetryRun> runs = [];

    /// <summary>Raised, on any thread, when an attempt was made or a run ended.</summary>
    public event EventHandler? Changed;

    /// <summary>The latest, latest first.</summary>
    public IReadOnlyList<RetryRun> Latest => runs;

    /// <summary>Begins to send; false where too many are under way.</summary>
    public bool TryStart(
        SimulatedRequest request,
        RetryPace pace,
        Func<SimulatedRequest, TimeSpan, CancellationToken, Task<SimulatedAnswer>> post
    )
    {
        RetryRun run;
        lock (starting)
        {
            if (runs.Count(item => !item.IsOver) >= MostUnderWay)
            {
                return false;
            }

            run = new RetryRun(request, pace, time.GetUtcNow().ToUnixTimeMilliseconds(), lifetime.ApplicationStopping);
            var ended = runs.Where(item => item.IsOver).Skip(MostKept).ToHashSet(); // one that is under way is never lost sight of
            runs = [run, .. runs.Where(item => !ended.Contains(item))];
        }

        _ = SendAsync(run, post);
        return true;
    }

    private async Task SendAsync(RetryRun run, Func<SimulatedRequest, TimeSpan, CancellationToken, Task<SimulatedAnswer>> post)
    {
        try
        {
            await RetryingSender.SendAsync(run.Request, run.Pace, post, time, new Heard(this, run), run.Stopping);
        }
        catch (OperationCanceledException)
        {
            run.Problem = "It was stopped.";
        }
        catch (Exception fault) // nobody waits for it
        {
            Log.Failed(logger, fault);
            run.Problem = "It could not be sent any more.";
        }
        finally
        {
            run.End();
            Tell();
        }
    }

    private void Tell() => Changed?.Invoke(this, EventArgs.Empty);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A simulated delivery could not be sent with its retries.")]
        public static partial void Failed(ILogger logger, Exception fault);
    }

    private sealed class Heard(RetryRuns runs, RetryRun run) : IProgress<RetryAttempt>
    {
        public void Report(RetryAttempt value)
        {
            run.Add(value);
            runs.Tell();
        }
    }
}

/// <summary>One delivery that is or was sent with retries.</summary>
public sealed class RetryRun(SimulatedRequest request, RetryPace pace, long startedAtMs, CancellationToken stopping)
{
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    private ImmutableList<RetryAttempt> attempts = [];

    public SimulatedRequest Request => request;

    public RetryPace Pace => pace;

    public long StartedAtMs => startedAtMs;

    /// <summary>The attempts so far, oldest first.</summary>
    public IReadOnlyList<RetryAttempt> Attempts => attempts;

    /// <summary>How many there are at most.</summary>
    public int Most { get; } = RetrySchedule.Of(request.Contract).Delays.Length;

    public string? Problem { get; set; }

    public bool IsOver { get; private set; }

    /// <summary>Ends it: asked for once, when it begins.</summary>
    public CancellationToken Stopping => stop.Token;

    public void Add(RetryAttempt attempt) => ImmutableInterlocked.Update(ref attempts, static (all, added) => all.Add(added), attempt);

    public void Stop()
    {
        lock (stop)
        {
            if (!IsOver)
            {
                stop.Cancel();
            }
        }
    }

    /// <summary>It is over: it no longer listens for the end of the process.</summary>
    public void End()
    {
        lock (stop)
        {
            IsOver = true;
            stop.Dispose();
        }
    }
}
