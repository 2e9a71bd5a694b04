namespace EsimFly.Dashboard.Intake.Log;

/// <summary>What came of an append.</summary>
internal enum AppendOutcome
{
    /// <summary>A new delivery is on disk.</summary>
    Stored,

    /// <summary>The delivery was on disk already; now its repetition is too.</summary>
    Duplicate,

    /// <summary>Too many wait already; not kept.</summary>
    QueueFull,

    /// <summary>The disk is below its floor; not kept.</summary>
    DiskLow,

    /// <summary>The storage failed; not kept.</summary>
    StorageFailing,
}

/// <summary>What came of an append, and the entry it left.</summary>
/// <param name="Outcome">Whether it is on disk.</param>
/// <param name="Seq">The delivery's number, which is that of its first log entry; 0 where it was not kept.</param>
/// <param name="EntrySeq">The log entry of the request; 0 where it was not kept, or only counted.</param>
internal readonly record struct AppendResult(AppendOutcome Outcome, long Seq = 0, long EntrySeq = 0)
{
    /// <summary>Whether the delivery is on disk, so that it may be answered 200.</summary>
    public bool IsKept => Outcome is AppendOutcome.Stored or AppendOutcome.Duplicate;
}
