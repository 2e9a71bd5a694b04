namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>What a system call means to the disk, or to a sender that waits for its answer.</summary>
internal enum CallKind
{
    /// <summary>A file was opened: <see cref="SystemCall.Creates"/> and <see cref="SystemCall.Empties"/> say what that changed.</summary>
    Open,

    /// <summary>Bytes were written at an offset of a file.</summary>
    Write,

    /// <summary>A file was cut or lengthened.</summary>
    Truncate,

    /// <summary>A file or a folder was synced.</summary>
    Sync,

    /// <summary>A file got another name.</summary>
    Rename,

    /// <summary>A name was removed.</summary>
    Remove,

    /// <summary>A folder was made.</summary>
    MakeFolder,

    /// <summary>A connection was accepted.</summary>
    Accept,

    /// <summary>An answer with the status 200 was sent on a connection.</summary>
    Acknowledge,

    /// <summary>The process is gone. No system call: it ends a trace.</summary>
    ProcessEnd,
}

/// <summary>One system call of a trace, with all that the model of the disk needs of it.</summary>
internal sealed class SystemCall
{
    public required CallKind Kind { get; init; }

    /// <summary>The thread that made it.</summary>
    public int Thread { get; init; }

    /// <summary>The file, the folder or the socket that it is about.</summary>
    public string Path { get; init; } = "";

    /// <summary>The new name of a file.</summary>
    public string NewPath { get; init; } = "";

    /// <summary>Where bytes were written, or the length that a file was cut to.</summary>
    public int Offset { get; init; }

    /// <summary>The bytes that were written.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>The sender's port of an accepted connection.</summary>
    public int Port { get; init; }

    /// <summary>Whether opening it makes the file where there is none.</summary>
    public bool Creates { get; init; }

    /// <summary>Whether opening it empties the file.</summary>
    public bool Empties { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {System.IO.Path.GetFileName(Path)} at {Offset}, {Data.Length} bytes";
}

/// <summary>
/// A moment of a trace: a call begins, or it has ended well. Between the two it may have done any part of its work. A call that
/// failed has no end.
/// </summary>
internal readonly record struct TraceStep(SystemCall Call, bool IsEnd);
