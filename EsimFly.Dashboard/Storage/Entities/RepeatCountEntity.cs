namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>How often a body came beyond the number of repeats that are logged one by one.</summary>
internal sealed class RepeatCountEntity
{
    /// <summary>The first log entry of the body.</summary>
    public long Seq { get; set; }

    /// <summary>How many requests were counted and not logged.</summary>
    public long Count { get; set; }

    /// <summary>When the last of them came, Unix milliseconds.</summary>
    public long LastAtMs { get; set; }
}
