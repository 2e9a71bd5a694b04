using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>
/// Infers from when a delivery's requests came which attempt each was and when the next is due, by the schedule of its
/// contract. Pure: the schedules are published, the numbers of attempts are not sent.
/// </summary>
internal static class RetryClock
{
    // A sender is late by its own queue, and its delay begins with the end of the attempt before.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const int PatienceShare = 10;

    /// <summary>The story of a delivery.</summary>
    /// <param name="contract">The contract that it is sent under.</param>
    /// <param name="attempts">The requests that came for it, in any order; one at least.</param>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    public static RetryStory Of(ContractVersion contract, IEnumerable<Attempt> attempts, long nowMs)
    {
        var delays = RetrySchedule.Of(contract).Delays;
        var numbered = Number(contract, attempts);
        var last = numbered.FindLast(item => item.Number is not null)!;
        var number = last.Number!.Value;
        if (numbered.Exists(item => item.IsDone))
        {
            return new(numbered, RetryState.Answered, number, delays.Length, null, null, null);
        }

        var dueMs = last.Attempt.EndMs;
        for (var next = number + 1; next <= delays.Length; next++)
        {
            var delay = delays[next - 1];
            dueMs += (long)delay.TotalMilliseconds;
            if (nowMs <= dueMs + (long)(Patience + (delay / PatienceShare)).TotalMilliseconds)
            {
                var lastMs = dueMs + (long)delays.Skip(next).Sum(later => later.TotalMilliseconds);
                return new(
                    numbered,
                    next == number + 1 ? RetryState.Waiting : RetryState.Overdue,
                    number,
                    delays.Length,
                    next,
                    dueMs,
                    lastMs
                );
            }
        }

        return new(numbered, RetryState.GivenUp, number, delays.Length, null, null, dueMs);
    }

    private static List<NumberedAttempt> Number(ContractVersion contract, IEnumerable<Attempt> attempts)
    {
        var delays = RetrySchedule.Of(contract).Delays;
        var numbered = new List<NumberedAttempt>();
        var (number, endMs, isDone) = (0, 0L, false);
        foreach (var attempt in attempts.OrderBy(attempt => attempt.AtMs))
        {
            if (isDone || number == delays.Length)
            {
                numbered.Add(new(attempt, null, attempt.IsDone(contract)));
                continue;
            }

            number = number == 0 ? 1 : Nearest(delays.AsSpan(), number, attempt.AtMs - endMs);
            endMs = attempt.EndMs;
            isDone = attempt.IsDone(contract);
            numbered.Add(new(attempt, number, isDone));
        }

        return numbered;
    }

    // Some attempts may never have reached us. The waits grow so fast that a gap tells how many lie in it.
    private static int Nearest(ReadOnlySpan<TimeSpan> delays, int number, long gapMs)
    {
        var (nearest, least, sumMs) = (number + 1, double.MaxValue, 0.0);
        for (var next = number + 1; next <= delays.Length; next++)
        {
            sumMs += delays[next - 1].TotalMilliseconds;
            var distance = Math.Abs(Math.Log(Math.Max(gapMs, 1) / sumMs));
            if (distance < least)
            {
                (nearest, least) = (next, distance);
            }
        }

        return nearest;
    }
}
