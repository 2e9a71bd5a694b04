using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// The database of the read model: what is derived from the log. It is written without waiting for the disk: after a power cut it may fall
/// back by some transactions, and goes on from its position. Others can be built beside the one in use and put in its place.
/// </summary>
internal abstract class ReadModelDatabase : StoreDatabase
{
    /// <summary>Whether it is there: it may be deleted at any time.</summary>
    public abstract bool Exists { get; }

    /// <summary>Whether an error means that it is lost or damaged, and must be rebuilt.</summary>
    public abstract bool IsDamage(Exception fault);

    /// <summary>Opens one unchanging view of it.</summary>
    public abstract ReadSnapshot<ReadModelDbContext> OpenSnapshot();

    /// <summary>Opens it for a few look-ups; null while it cannot be read. It must be closed soon.</summary>
    public abstract Statements? TryRead();

    /// <summary>How far it has got; null where it cannot be used: it is not whole, of another version, or damaged.</summary>
    public abstract ReadModelMark? Inspect();

    /// <summary>Whether an instance projects the log into it at this moment.</summary>
    public virtual bool HasProjector => false;

    /// <summary>Notes that it rests on the log as this run has it.</summary>
    public abstract void Follow(string epoch);

    /// <summary>Puts an empty one in its place.</summary>
    /// <param name="epoch">The run of the log.</param>
    /// <param name="isWhole">
    /// Whether an empty read model is all there is to it. One that is still to be built is not, after a restart either.
    /// </param>
    /// <param name="keepsMeasurements">Whether the old one is kept aside as <see cref="ReadModelCopy.Previous"/>.</param>
    /// <exception cref="TimeoutException">A reader did not end in time.</exception>
    public abstract void Replace(string epoch, bool isWhole, bool keepsMeasurements);

    /// <summary>Makes an empty one beside it, in the place of an earlier one of the same name.</summary>
    public abstract void Create(ReadModelCopy copy, string epoch);

    /// <summary>Opens one that was made beside it.</summary>
    public abstract BulkReadModel OpenCopy(ReadModelCopy copy);

    /// <summary>Drops one that was made beside it, where there is one.</summary>
    public abstract void Drop(ReadModelCopy copy);

    /// <summary>Drops what earlier versions of the program have left that no instance uses any more.</summary>
    /// <param name="inUse">The versions of the read models of the instances that were alive lately.</param>
    public virtual void DropUnused(IReadOnlyCollection<int> inUse)
    {
        // A file is replaced by that of the next version.
    }

    /// <summary>Puts one that was built beside it in its place. Nobody may write to either meanwhile.</summary>
    /// <exception cref="TimeoutException">A reader did not end in time; nothing was changed.</exception>
    public abstract void Install(ReadModelCopy copy);

    /// <summary>What was measured in the one in use, or in the one that was kept aside; nothing where there is none.</summary>
    public abstract CarriedOver Measurements(ReadModelCopy? copy);

    /// <summary>
    /// Makes the indexes of lists, within a transaction on a read model that has all that it should have: it is whole then.
    /// </summary>
    public abstract void Complete(WriteTransaction transaction, ReadModelCopy copy);

    /// <summary>
    /// Begins a transaction on a read model that was built, in which that and the one in use are both read as of now.
    /// </summary>
    /// <returns>What their tables' names begin with.</returns>
    public abstract (string Own, string InUse) BeginComparison(SqlSession readModel, ReadModelCopy copy);
}

/// <summary>A read model beside the one in use.</summary>
internal enum ReadModelCopy
{
    /// <summary>One that is to take its place as soon as it is built.</summary>
    Building,

    /// <summary>One that is built to be compared.</summary>
    Second,

    /// <summary>The one that was in use before, kept for what was measured.</summary>
    Previous,
}

/// <summary>How far a desk has got.</summary>
/// <param name="Seq">The last log entry that is in it.</param>
/// <param name="Epoch">The run of the log that it was written under.</param>
internal sealed record ReadModelMark(long Seq, string Epoch);
