namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>Names that are set (or, with no file, removed) together: one entry of a file system's journal.</summary>
internal sealed record NameChange(params IReadOnlyList<(string Path, DiskFile? File)> Entries);

/// <summary>
/// The names of the files as the disk has them. With a journal, syncing a file also makes its name last, and all changes of
/// names before it (ext4, XFS). Without one, only syncing the folder does: all that POSIX promises.
/// </summary>
internal sealed class DiskFolder(bool hasJournal)
{
    private readonly Dictionary<string, DiskFile> durable = new(StringComparer.Ordinal);
    private readonly List<NameChange> unsynced = [];

    public void Change(NameChange change) => unsynced.Add(change);

    public void FolderSynced(string folder)
    {
        bool IsOf(NameChange change) =>
            change.Entries.Any(entry => string.Equals(Path.GetDirectoryName(entry.Path), folder, StringComparison.Ordinal));
        unsynced.Where(IsOf).ToList().ForEach(change => Apply(change, durable));
        unsynced.RemoveAll(IsOf);
    }

    public void FileSynced(DiskFile file)
    {
        if (hasJournal)
        {
            var count = unsynced.FindLastIndex(change => change.Entries.Any(entry => entry.File == file)) + 1;
            unsynced[..count].ForEach(change => Apply(change, durable));
            unsynced.RemoveRange(0, count);
        }
    }

    /// <summary>The names after a power cut at this moment.</summary>
    public Dictionary<string, DiskFile> After(CutMode mode, Random random)
    {
        var names = new Dictionary<string, DiskFile>(durable, StringComparer.Ordinal);
        var kept = mode switch
        {
            CutMode.None => [],
            CutMode.All => unsynced,
            _ when hasJournal => unsynced[..random.Next(unsynced.Count + 1)],
            _ => unsynced.Where(_ => random.Next(2) == 0).ToList(),
        };
        kept.ForEach(change => Apply(change, names));
        return names;
    }

    private static void Apply(NameChange change, Dictionary<string, DiskFile> names)
    {
        foreach (var (path, file) in change.Entries)
        {
            if (file is null)
            {
                names.Remove(path);
            }
            else
            {
                names[path] = file;
            }
        }
    }
}
