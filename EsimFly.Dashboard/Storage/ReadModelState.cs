namespace EsimFly.Dashboard.Storage;

/// <summary>Where the read model stands: its position, and whether it is being built from the log.</summary>
internal sealed class ReadModelState
{
    private long position;
    private volatile ReadModelProgress? building;

    /// <summary>The last log entry that is in the read model, as this process last wrote it.</summary>
    public long Position
    {
        get => Interlocked.Read(ref position);
        set => Interlocked.Exchange(ref position, value);
    }

    /// <summary>How far a read model that is derived from the log has got; null where none is.</summary>
    public ReadModelProgress? Building
    {
        get => building;
        set => building = value;
    }

    /// <summary>Whether this start made the event log, where none was.</summary>
    public bool IsNewStore { get; set; }

    /// <summary>The run of the log that this process writes under.</summary>
    public string Epoch { get; set; } = "";
}

/// <summary>How far a read model that is derived from the log has got.</summary>
/// <param name="Reason">Why it is, in a sentence.</param>
/// <param name="Done">How many log entries are in it.</param>
/// <param name="Total">How many there are.</param>
internal sealed record ReadModelProgress(string Reason, long Done, long Total)
{
    /// <summary>How much of it is done, in percent.</summary>
    public int Percent => Total <= 0 ? 0 : (int)Math.Min(100, Done * 100 / Total);
}
