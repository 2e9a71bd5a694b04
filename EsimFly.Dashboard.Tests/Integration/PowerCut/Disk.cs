namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>
/// The disk under a data folder, step by step through a trace: for any file. Folders themselves are taken to
/// last.
/// </summary>
internal sealed class Disk(string folder)
{
    /// <summary>Memory shared by a database's connections: no file in earnest, and SQLite makes it again.</summary>
    private const string SharedMemory = "-shm";

    private readonly Dictionary<string, DiskFile> files = new(StringComparer.Ordinal); // as the running process sees them
    private readonly DiskFolder journalled = new(hasJournal: true);
    private readonly DiskFolder plain = new(hasJournal: false);
    private readonly Dictionary<SystemCall, FileChange> changing = [];
    private readonly Dictionary<SystemCall, HashSet<FileChange>> syncing = [];

    /// <summary>Whether a power cut now leaves more than one possible state of that database or its write-ahead log.</summary>
    public bool IsOpen(string database) =>
        new[] { database, database + "-wal" }.Any(name => files.TryGetValue(Path.Combine(folder, name), out var file) && !file.IsSynced);

    /// <summary>Takes the next step.</summary>
    public void Take(TraceStep step)
    {
        if (step.IsEnd)
        {
            End(step.Call);
        }
        else
        {
            Begin(step.Call);
        }
    }

    /// <summary>Writes the data folder as it is after a power cut at this moment.</summary>
    public void WriteTo(string target, CutMode mode, bool hasJournal, Random random)
    {
        Directory.CreateDirectory(target);
        foreach (var (path, file) in (hasJournal ? journalled : plain).After(mode, random))
        {
            if (!path.EndsWith(SharedMemory, StringComparison.Ordinal))
            {
                var copy = Path.Combine(target, Path.GetRelativePath(folder, path));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.WriteAllBytes(copy, file.After(mode, random));
            }
        }
    }

    private void Begin(SystemCall call)
    {
        switch (call.Kind)
        {
            case CallKind.Write when files.TryGetValue(call.Path, out var file):
                changing[call] = file.Change(call.Offset, call.Data);
                break;
            case CallKind.Truncate when files.TryGetValue(call.Path, out var file):
                changing[call] = file.Change(call.Offset, data: null);
                break;
            case CallKind.Write or CallKind.Truncate:
                throw new NotSupportedException($"The trace does not have how {call.Path} came to be.");
            case CallKind.Sync when files.TryGetValue(call.Path, out var file):
                syncing[call] = file.Complete();
                break;
        }
    }

    private void End(SystemCall call)
    {
        if (changing.Remove(call, out var change))
        {
            change.IsComplete = true;
            return;
        }

        switch (call.Kind)
        {
            case CallKind.Open:
                Open(call);
                break;
            case CallKind.Sync when syncing.Remove(call, out var covered):
                files[call.Path].Synced(covered);
                journalled.FileSynced(files[call.Path]);
                plain.FileSynced(files[call.Path]);
                break;
            case CallKind.Sync:
                journalled.FolderSynced(call.Path);
                plain.FolderSynced(call.Path);
                break;
            case CallKind.Rename:
                files.Remove(call.Path, out var moved);
                moved ??= new(); // from outside, where it was made and left empty; what is compared in the end would tell
                files[call.NewPath] = moved;
                Rename(new((call.Path, null), (call.NewPath, moved)));
                break;
            case CallKind.Remove:
                files.Remove(call.Path);
                Rename(new((call.Path, null)));
                break;
            case CallKind.ProcessEnd:
                foreach (var cutShort in changing.Values)
                {
                    cutShort.IsComplete = true; // done or not, nobody waits for it any more, and a later sync covers it
                }

                changing.Clear();
                syncing.Clear();
                break;
        }
    }

    private void Open(SystemCall call)
    {
        if (call.Creates && !files.ContainsKey(call.Path))
        {
            var made = new DiskFile();
            files[call.Path] = made;
            Rename(new((call.Path, made)));
        }
        else if (call.Empties && files.TryGetValue(call.Path, out var file))
        {
            file.Change(0, data: null).IsComplete = true;
        }
    }

    private void Rename(NameChange change)
    {
        journalled.Change(change);
        plain.Change(change);
    }
}
