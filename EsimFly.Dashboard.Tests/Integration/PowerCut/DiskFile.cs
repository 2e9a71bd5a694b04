namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>How much of what was not synced a power cut leaves on the disk.</summary>
internal enum CutMode
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>All of it.</summary>
    All,

    /// <summary>Any sectors, in any order.</summary>
    Some,

    /// <summary>All, but that writes stopped amid: each at the end of some sector.</summary>
    Torn,
}

/// <summary>A change of a file that no sync has covered yet: bytes at an offset, or (without bytes) a new length.</summary>
internal sealed class FileChange(int offset, byte[]? data)
{
    public int Offset => offset;

    public int Length => data?.Length ?? 0;

    public bool IsTruncation => data is null;

    /// <summary>Whether the call has returned. Before that, no sync covers it.</summary>
    public bool IsComplete { get; set; }

    public void ApplyTo(FileContent content)
    {
        if (data is null)
        {
            content.Resize(offset);
        }
        else
        {
            content.Write(offset, data);
        }
    }
}

/// <summary>A file as the disk has it: what is surely there, and what may be.</summary>
internal sealed class DiskFile
{
    private const int SmallSector = 512;
    private const int LargeSector = 4096;

    private readonly FileContent durable = new();
    private readonly List<FileChange> unsynced = [];

    public FileChange Change(int offset, byte[]? data)
    {
        var change = new FileChange(offset, data);
        unsynced.Add(change);
        return change;
    }

    public bool IsSynced => unsynced.Count == 0;

    /// <summary>What a sync that begins now covers.</summary>
    public HashSet<FileChange> Complete() => [.. unsynced.Where(change => change.IsComplete)];

    /// <summary>A sync has returned.</summary>
    public void Synced(HashSet<FileChange> covered)
    {
        foreach (var change in unsynced.Where(covered.Contains))
        {
            change.ApplyTo(durable);
        }

        unsynced.RemoveAll(covered.Contains);
    }

    /// <summary>The content after a power cut at this moment.</summary>
    public byte[] After(CutMode mode, Random random)
    {
        if (mode == CutMode.None || unsynced.Count == 0)
        {
            return durable.ToArray();
        }

        var cache = durable.Copy();
        if (mode == CutMode.All)
        {
            unsynced.ForEach(change => change.ApplyTo(cache));
            return cache.ToArray();
        }

        var disk = durable.Copy();
        var sector = mode == CutMode.Torn || random.Next(2) == 0 ? SmallSector : LargeSector;
        var chance = (random.NextDouble() * 1.5) - 0.25; // at times none or all of this file, whatever becomes of the others
        foreach (var change in unsynced)
        {
            // A length is of the file system's journal, in order: what was written after it is seen only where it is.
            change.ApplyTo(cache);
            if (!change.IsTruncation)
            {
                Keep(change, cache, disk, sector, mode == CutMode.Torn ? null : chance, random);
            }
            else if (random.Next(2) == 0)
            {
                change.ApplyTo(disk);
            }
            else
            {
                break;
            }
        }

        return disk.ToArray();
    }

    // A disk writes whole sectors, each as the cache has it at that moment, with all that was written to it before.
    private static void Keep(FileChange change, FileContent cache, FileContent disk, int sector, double? chance, Random random)
    {
        var first = change.Offset / sector;
        var count = ((change.Offset + change.Length + sector - 1) / sector) - first;
        var stopped = chance is null && random.Next(2) == 0 ? random.Next(count) : count;
        for (var i = 0; i < stopped; i++)
        {
            if (chance is null || random.NextDouble() < chance)
            {
                var start = (first + i) * sector;
                disk.Write(start, cache.Read(start, sector));
            }
        }
    }
}
