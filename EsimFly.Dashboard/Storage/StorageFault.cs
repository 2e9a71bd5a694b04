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

    /// <summary>The disk refused to make a commit durable. What it holds now is unknown: the process must end.</summary>
    FsyncFailed,
}
