namespace EsimFly.Dashboard.Storage.Workers;

/// <summary>
/// Decides which occurrences of repeating faults are logged: of each kind the first, and then one a minute with their number. Safe for
/// several threads.
/// </summary>
internal sealed class RepeatedFaults(TimeProvider time)
{
    private const int MostKinds = 20;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(Type Kind, string Message), (long LoggedAt, int Since)> kinds = [];

    /// <summary>Whether a fault is to be logged now.</summary>
    /// <param name="fault">What happened.</param>
    /// <param name="times">How often it happened since it was last logged; 1 for the first.</param>
    public bool IsToBeLogged(Exception fault, out int times)
    {
        lock (gate)
        {
            var kind = (fault.GetType(), fault.Message);
            if (kinds.TryGetValue(kind, out var last) && time.GetElapsedTime(last.LoggedAt) < Every)
            {
                kinds[kind] = last with { Since = last.Since + 1 };
                times = 0;
                return false;
            }

            if (kinds.Count >= MostKinds)
            {
                kinds.Clear(); // messages that differ each time are not counted
            }

            times = last.Since + 1;
            kinds[kind] = (time.GetTimestamp(), 0);
            return true;
        }
    }
}
