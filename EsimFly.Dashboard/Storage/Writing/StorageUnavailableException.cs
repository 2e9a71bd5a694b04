using System.Data.Common;
using System.Net.Sockets;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>The storage could not take a write; nothing of it was kept.</summary>
internal sealed class StorageUnavailableException(StorageFault fault, Exception? cause)
    : Exception($"The storage could not take a write: {fault}.", cause)
{
    /// <summary>What is wrong.</summary>
    public StorageFault Fault { get; } = fault;

    /// <summary>Whether the storage is what a fault comes from, be it a write or a read.</summary>
    public static bool IsBehind(Exception? fault) =>
        fault is StorageUnavailableException or DbException or TimeoutException or SocketException
        || (fault is not null && IsBehind(fault.InnerException));
}
