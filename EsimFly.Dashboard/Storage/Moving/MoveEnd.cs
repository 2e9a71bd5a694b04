using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage.Moving;

/// <summary>One end of a move: an event log and what its kind of database needs. It is in nobody else's use until this is closed.</summary>
internal abstract class MoveEnd : IDisposable
{
    /// <summary>The event log.</summary>
    public abstract LogDatabase Log { get; }

    /// <summary>How a target is emptied so that it can be moved to, as a sentence.</summary>
    public abstract string HowToEmpty { get; }

    /// <summary>What is to be set for a read model to use it, as a sentence.</summary>
    public abstract string HowToUse { get; }

    /// <summary>The read model that is there already, in words; null where there is none.</summary>
    public abstract string? ReadModel { get; }

    /// <summary>The migrations that this program knows.</summary>
    public abstract IReadOnlySet<string> KnownMigrations { get; }

    /// <summary>Takes it, so that no read model can start on it.</summary>
    /// <returns>Why it cannot be taken; null where it was.</returns>
    public abstract string? Take();

    /// <summary>That a desk runs on it, as a sentence; null where none does.</summary>
    public abstract string? FindUser();

    /// <summary>The tables that are there.</summary>
    public abstract IReadOnlyList<string> Tables(Statements store);

    /// <summary>Makes the schema as a target needs it.</summary>
    public abstract void Prepare();

    /// <summary>The last number that was given in a numbered table, also where its row is no longer there; 0 for none.</summary>
    public abstract long LastNumber(Statements store, MovedTable table);

    /// <summary>Sees to it that the next number of a numbered table is greater.</summary>
    public abstract void NumberAfter(WriteTransaction transaction, MovedTable table, long last);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of it.</summary>
    protected abstract void Dispose(bool disposing);
}
