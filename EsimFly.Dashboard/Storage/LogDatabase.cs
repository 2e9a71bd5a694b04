using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage;

/// <summary>The database of the event log: what cannot be derived again. A commit is on disk when it returns.</summary>
internal abstract class LogDatabase : StoreDatabase
{
    private const string LastSeq = """SELECT MAX("Seq") FROM "Log" """;

    /// <summary>What of it could not be read since the start.</summary>
    public LogDamage Damage { get; } = new();

    /// <summary>Whether a fault means that a part of it is damaged, and the rest can be read.</summary>
    public abstract bool IsDamage(Exception fault);

    /// <summary>
    /// The time by the clock that all who use it share, Unix milliseconds: a server's. Null where it is this machine's own.
    /// </summary>
    public virtual long? ClockMs(Statements store) => null;

    /// <summary>Where it is, in words.</summary>
    public abstract string Place { get; }

    /// <summary>Opens one unchanging view of it.</summary>
    public abstract ReadSnapshot<LogDbContext> OpenSnapshot();

    /// <summary>Whether there is one already. A folder of keys without it is taken for a lost one.</summary>
    public abstract bool Exists { get; }

    /// <summary>Whether it is there without anything in it, as a file that was truncated.</summary>
    public virtual bool IsEmptied => false;

    /// <summary>Waits until it answers; returns at once where it is a file.</summary>
    /// <exception cref="StorageAwayException">It did not within a minute.</exception>
    public virtual Task WaitUntilThereAsync(ILogger logger, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Checks the server or the library, and brings the schema up to date.</summary>
    /// <exception cref="StorageSetupException">Data would not be safe there, or it is newer than this program.</exception>
    public abstract void Migrate();

    /// <summary>Whether its schema is an earlier one than this program's.</summary>
    public abstract bool IsBehind { get; }

    /// <summary>The number after which a transaction may append. Until it ends nobody else appends.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="own">The last number that this process has given; null where it does not know.</param>
    public long NumberBefore(WriteTransaction transaction, long? own) =>
        IsShared || own is null ? transaction.Scalar<long>(LastSeq) : own.Value;

    /// <summary>
    /// Lets the audit log be shortened within a transaction: entries before an instant (Unix milliseconds) are deleted. The database
    /// refuses any other deletion.
    /// </summary>
    public abstract void EndAudit(WriteTransaction transaction, long beforeMs);

    /// <summary>Whether <see cref="CopyInto"/> can be used: a server's data are backed up with the server's own means.</summary>
    public abstract bool CanCopy { get; }

    /// <summary>Writes a whole, compact copy into a new file, as of one instant, while everything goes on.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the file may be there in part.</exception>
    public abstract void CopyInto(string copy, CancellationToken cancellationToken);
}
