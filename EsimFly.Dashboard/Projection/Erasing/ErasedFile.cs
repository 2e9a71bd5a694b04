using System.Globalization;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Projection.Erasing;

/// <summary>
/// The hashes of all erased names beside the database, in <c>erased.txt</c>: a backup that is older than an erasure does not know of it,
/// and this file is not part of backups. One line each: when (Unix milliseconds), a blank, the hash in hexadecimal digits.
/// </summary>
internal sealed class ErasedFile(StoragePaths paths)
{
    private string FilePath => Path.Combine(paths.Root, "erased.txt");

    /// <summary>Reads it; empty where there is none. A line that was cut off by a crash is passed over.</summary>
    public IReadOnlyList<(byte[] Hash, long AtMs)> Read() =>
        File.Exists(FilePath) ? [.. File.ReadLines(FilePath).Select(Parse).OfType<(byte[], long)>()] : [];

    /// <summary>Adds lines, which are on disk when this returns.</summary>
    public void Append(IEnumerable<byte[]> hashes, long atMs)
    {
        using (var stream = new FileStream(FilePath, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write('\n'); // ends a line that was cut off
            foreach (var hash in hashes)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{atMs} {Convert.ToHexStringLower(hash)}\n"));
            }

            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        FolderSync.Flush(paths.Root);
    }

    private static (byte[] Hash, long AtMs)? Parse(string line) =>
        line.Split(' ') is [var at, { Length: 64 } hash]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var atMs)
        && hash.All(char.IsAsciiHexDigit)
            ? (Convert.FromHexString(hash), atMs)
            : null;
}
