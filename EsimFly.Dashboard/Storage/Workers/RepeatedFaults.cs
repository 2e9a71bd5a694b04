namespace EsimFly.Dashboard.Storage.Workers;

/// <summary>
/// Decides which of a repeating fault's occurrences are logged: the first, and then one a minute with their number. Safe for several
/// threads.
/// </summary>
internal sealed class RepeatedFaults(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private (Type Kind, string Message)? last;
    private long loggedAt;
    private int since;

    /// <summary>Whether a fault is to be logged now.</summary>
    /// <param name="fault">What happened.</param>
    /// <param name="times">How often it happened since it was last logged; 1 for the first.</param>
    public bool IsToBeLogged(Exception fault, out int times)
    {
        lock (gate)
        {
            var kind = (fault.GetType(), fault.Message);
            since++;
            if (last == kind && time.GetElapsedTime(loggedAt) < Every)
            {
                times = 0;
                return false;
            }

            times = last == kind ? since : 1;
            (last, loggedAt, since) = (kind, time.GetTimestamp(), 0);
            return true;
        }
    }
}
