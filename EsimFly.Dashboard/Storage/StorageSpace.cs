using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage;

/// <summary>Whether the disk has room above its floor, looked up at most once a second. That of a server is the server's.</summary>
internal sealed class StorageSpace(StoragePaths paths, IOptions<StorageOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private long lookedUpAt = long.MinValue;
    private bool hasRoom = true;

    /// <summary>False where free space is below <see cref="StorageOptions.MinimumFreeBytes"/>.</summary>
    public bool HasRoom
    {
        get
        {
            var now = time.GetTimestamp();
            var last = Interlocked.Read(ref lookedUpAt);
            if (
                (last == long.MinValue || time.GetElapsedTime(last, now) > Freshness)
                && Interlocked.CompareExchange(ref lookedUpAt, now, last) == last
            )
            {
                Volatile.Write(
                    ref hasRoom,
                    options.Value.Provider == StorageProvider.Postgres
                        || new DriveInfo(paths.Root).AvailableFreeSpace >= options.Value.MinimumFreeBytes
                );
            }

            return Volatile.Read(ref hasRoom);
        }
    }
}
