namespace EsimFly.Dashboard.Contract;

/// <summary>
/// Counts the fields of a payload that were given and could not be read, while it is deserialised on this thread: such a field counts as
/// missing, so that it does not keep the rest from being applied.
/// </summary>
internal static class UnreadableFields
{
    [ThreadStatic]
    private static int count;

    /// <summary>A field could not be read.</summary>
    public static void Note() => count++;

    /// <summary>How many there were since the last call, on this thread.</summary>
    public static int Take()
    {
        var taken = count;
        count = 0;
        return taken;
    }
}
