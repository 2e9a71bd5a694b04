using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage;

/// <summary>One of the two stores, as a database: how it is opened, and what its errors mean.</summary>
internal abstract class StoreDatabase
{
    /// <summary>Whether other processes use it, too. If not, it is this one's alone, and nobody else writes to it.</summary>
    public abstract bool IsShared { get; }

    /// <summary>How large it is, in bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Makes <paramref name="builder"/>'s contexts use it.</summary>
    public abstract void Configure(DbContextOptionsBuilder builder);

    /// <summary>Opens a connection to read.</summary>
    public abstract Statements Open();

    /// <summary>Opens the connection that all writes of this process go through.</summary>
    public abstract SqlSession OpenForWriting();

    /// <summary>What is wrong, judged from the driver's error; nothing where it is no error of the store's.</summary>
    public abstract StorageFault Classify(Exception fault);

    /// <summary>
    /// Whether it is what a fault comes from, be it a write or a read: a statement that is wrong is our fault, and another server's
    /// silence is its own.
    /// </summary>
    public bool IsCauseOf(Exception? fault) =>
        fault switch
        {
            null or HttpRequestException => false,
            StorageUnavailableException => true,
            _ => Classify(fault) != StorageFault.None || IsCauseOf(fault.InnerException),
        };

    /// <summary>Sees to it that what was taken out of it is in no journal of it either, as far as that is in its power.</summary>
    public abstract void EmptyJournal(SqlSession writer);
}
