namespace EsimFly.Dashboard.Storage;

/// <summary>What is wrong with the storage.</summary>
internal enum StorageFault
{
    /// <summary>Nothing, or nothing of the storage's.</summary>
    None,

    /// <summary>Another process has locked the database.</summary>
    Locked,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The file cannot be read or written.</summary>
    Unusable,

    /// <summary>The file was moved, deleted or replaced while it is in use: what is written would not be found again.</summary>
    Moved,

    /// <summary>The disk refused to make a commit durable. What it holds now is unknown: the process must end.</summary>
    FsyncFailed,
}

/// <summary>What is wrong, in words.</summary>
internal static class StorageFaultWords
{
    /// <summary>A sentence about it, with what to do where somebody has to do something.</summary>
    public static string Words(this StorageFault fault) =>
        fault switch
        {
            StorageFault.Locked => "The database is locked by another process.",
            StorageFault.DiskFull => "The disk is full.",
            StorageFault.Moved =>
                "The database's file was moved, deleted or replaced while it is in use. Put it back. If that cannot be done, "
                    + "stop this program, restore a backup and start it again.",
            StorageFault.FsyncFailed => "The disk could not make a write durable. The process ends.",
            _ => "The database cannot be used.",
        };
}
