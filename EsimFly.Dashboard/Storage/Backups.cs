using System.Globalization;
using System.Text.RegularExpressions;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// Whole copies of the event log beside it: the read model is rebuilt from them. The latest seven are kept. Bodies and codes in them
/// are sealed: the keys are not among them.
/// </summary>
internal sealed partial class Backups(LogDatabase log, StoragePaths paths, TimeProvider time) : IDisposable
{
    /// <summary>Whether they can be made here: a server's data are backed up with the server's own means.</summary>
    public bool CanMake => log.CanCopy;

    /// <summary>How many are kept.</summary>
    public const int Kept = 7;

    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Those that are there, latest first.</summary>
    public IReadOnlyList<BackupFile> List() =>
        [
            .. new DirectoryInfo(paths.Backups)
                .EnumerateFiles("esimfly-*.db")
                .Where(file => FileName().IsMatch(file.Name))
                .OrderByDescending(file => file.Name, StringComparer.Ordinal)
                .Select(file => new BackupFile(file.Name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds())),
        ];

    /// <summary>Makes one, while everything goes on. It is whole, or not there.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, and nothing is left of it.</exception>
    /// <exception cref="IOException">There is no room for it, or it could not be written.</exception>
    public async Task<BackupFile> MakeAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        var name = $"esimfly-{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}.db";
        var (file, partial) = (Path.Combine(paths.Backups, name), Path.Combine(paths.Backups, name + ".partial"));
        try
        {
            RefuseWithoutRoom();
            await Task.Run(() => log.CopyInto(partial, cancellationToken), CancellationToken.None);
            File.Move(partial, file);
            foreach (var old in List().Skip(Kept))
            {
                File.Delete(Path.Combine(paths.Backups, old.Name));
            }

            return List()[0];
        }
        catch (System.Data.Common.DbException fault)
        {
            throw new IOException("The copy could not be written.", fault);
        }
        finally
        {
            gate.Release(); // first: what follows may throw, and every later backup would wait
            File.Delete(partial);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private void RefuseWithoutRoom()
    {
        if (new DriveInfo(paths.Backups).AvailableFreeSpace < log.Bytes * 2)
        {
            throw new IOException("There is too little room on the disk for a copy.");
        }
    }

    [GeneratedRegex(@"^esimfly-\d{8}T\d{9}Z\.db$", RegexOptions.None, 1000)]
    private static partial Regex FileName();
}

/// <summary>A backup.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="MadeAtMs">When it was made, Unix milliseconds.</param>
internal sealed record BackupFile(string Name, long Bytes, long MadeAtMs);
