namespace EsimFly.Dashboard.Storage;

/// <summary>Where the desk stands: its position, and whether it is being worked out from the log.</summary>
internal sealed class DeskState
{
    private long position;
    private volatile DeskProgress? building;

    /// <summary>The last log entry that is in the desk, as this process last wrote it.</summary>
    public long Position
    {
        get => Interlocked.Read(ref position);
        set => Interlocked.Exchange(ref position, value);
    }

    /// <summary>How far a desk that is worked out from the log has got; null where none is.</summary>
    public DeskProgress? Building
    {
        get => building;
        set => building = value;
    }

    /// <summary>Whether this start made the log store, where none was.</summary>
    public bool IsNewStore { get; set; }

    /// <summary>The run of the log that this process writes under.</summary>
    public string Epoch { get; set; } = "";
}

/// <summary>How far a desk that is worked out from the log has got.</summary>
/// <param name="Reason">Why it is, in a sentence.</param>
/// <param name="Done">How many log entries are in it.</param>
/// <param name="Total">How many there are.</param>
internal sealed record DeskProgress(string Reason, long Done, long Total)
{
    /// <summary>How much of it is done, in percent.</summary>
    public int Percent => Total <= 0 ? 0 : (int)Math.Min(100, Done * 100 / Total);
}
