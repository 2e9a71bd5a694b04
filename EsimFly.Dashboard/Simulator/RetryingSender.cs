using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Simulator;

/// <summary>How fast the sender's clock goes.</summary>
public enum RetryPace
{
    /// <summary>As published: up to 72 min 35 s.</summary>
    Real = 1,

    /// <summary>An hour in ten seconds.</summary>
    Quick = 360,
}

/// <summary>An attempt of the sender's.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="AtMs">When it was sent, Unix milliseconds.</param>
/// <param name="Answer">What it was answered with.</param>
/// <param name="IsDone">Whether the sender takes the delivery for done.</param>
/// <param name="NextAtMs">When it sends again, Unix milliseconds; null where it does not.</param>
public sealed record RetryAttempt(int Number, long AtMs, SimulatedAnswer Answer, bool IsDone, long? NextAtMs);

/// <summary>
/// Sends as eSIMfly does: waits as long as the contract says for an answer, and sends again by its schedule until it gets success or gives
/// up.
/// </summary>
internal static class RetryingSender
{
    /// <summary>Sends a delivery.</summary>
    /// <param name="request">The delivery; each attempt is the same request.</param>
    /// <param name="pace">How fast the clock goes between attempts. The deadline of an answer is never shortened.</param>
    /// <param name="post">Posts it, waiting so long for an answer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Hears of each attempt.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The attempts.</returns>
    public static async Task<IReadOnlyList<RetryAttempt>> SendAsync(
        SimulatedRequest request,
        RetryPace pace,
        Func<SimulatedRequest, TimeSpan, CancellationToken, Task<SimulatedAnswer>> post,
        TimeProvider time,
        IProgress<RetryAttempt> progress,
        CancellationToken cancellationToken
    )
    {
        var schedule = RetrySchedule.Of(request.Contract);
        var attempts = new List<RetryAttempt>();
        for (var number = 1; number <= schedule.Delays.Length; number++)
        {
            if (schedule.Delays[number - 1] is { Ticks: > 0 } delay)
            {
                await Task.Delay(delay / (int)pace, time, cancellationToken);
            }

            var atMs = time.GetUtcNow().ToUnixTimeMilliseconds();
            var answer = await post(request, schedule.Deadline, cancellationToken);
            var isDone = schedule.IsSuccess(answer.Status);
            var next =
                isDone || number == schedule.Delays.Length
                    ? (long?)null
                    : time.GetUtcNow().ToUnixTimeMilliseconds() + (long)(schedule.Delays[number] / (int)pace).TotalMilliseconds;
            var attempt = new RetryAttempt(number, atMs, answer, isDone, next);
            attempts.Add(attempt);
            progress.Report(attempt);
            if (isDone)
            {
                break;
            }
        }

        return attempts;
    }
}
