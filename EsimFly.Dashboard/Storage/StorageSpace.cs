using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage;

/// <summary>Whether the disk has room above its floor, looked up at most once a second. That of a server is the server's.</summary>
internal sealed partial class StorageSpace(
    StoragePaths paths,
    IOptions<StorageOptions> options,
    TimeProvider time,
    ILogger<StorageSpace> logger
)
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
                var has =
                    options.Value.Provider == StorageProvider.Postgres
                    || new DriveInfo(paths.Root).AvailableFreeSpace >= options.Value.MinimumFreeBytes;
                if (has != hasRoom)
                {
                    Volatile.Write(ref hasRoom, has);
                    if (has)
                    {
                        Log.HasRoom(logger);
                    }
                    else
                    {
                        Log.IsLow(logger, options.Value.MinimumFreeBytes, paths.Root);
                    }
                }
            }

            return Volatile.Read(ref hasRoom);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "Fewer than {Bytes} bytes are free on the disk of {Folder}: deliveries are answered 503 until there is room."
        )]
        public static partial void IsLow(ILogger logger, long bytes, string folder);

        [LoggerMessage(2, LogLevel.Information, "There is room on the disk again.")]
        public static partial void HasRoom(ILogger logger);
    }
}
