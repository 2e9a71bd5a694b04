namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>What is to be expected of a delivery's sender.</summary>
public enum RetryState
{
    /// <summary>It was answered with success: nothing more comes.</summary>
    Answered,

    /// <summary>It failed, and its next attempt is not due yet.</summary>
    Waiting,

    /// <summary>An attempt that was due did not come; a later one still may.</summary>
    Overdue,

    /// <summary>All attempts that the schedule has are over.</summary>
    GivenUp,
}

/// <summary>An attempt with its place in the sender's schedule.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Number">
/// Which it is, from 1, as far as its time tells; null where it is none of the schedule's, such as a repetition after success.
/// </param>
/// <param name="IsDone">Whether its sender takes the delivery for done.</param>
public sealed record NumberedAttempt(Attempt Attempt, int? Number, bool IsDone);

/// <summary>A delivery's attempts, and what is to be expected next. Inferred: the sender tells neither.</summary>
/// <param name="Attempts">Those that came, oldest first.</param>
/// <param name="State">How it stands.</param>
/// <param name="Number">The last attempt of the schedule that came.</param>
/// <param name="Most">How many attempts the schedule has.</param>
/// <param name="NextNumber">The attempt that is expected next; null where none is.</param>
/// <param name="NextAtMs">When it is expected, Unix milliseconds.</param>
/// <param name="LastAtMs">
/// When the last attempt of the schedule is expected or was to come, Unix milliseconds; null where none is left.
/// </param>
public sealed record RetryStory(
    IReadOnlyList<NumberedAttempt> Attempts,
    RetryState State,
    int Number,
    int Most,
    int? NextNumber,
    long? NextAtMs,
    long? LastAtMs
)
{
    /// <summary>The attempt that was due and did not come; null where none is missing.</summary>
    public int? Missed => State is RetryState.Overdue or RetryState.GivenUp && Number < Most ? Number + 1 : null;
}
