namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>The storage could not take a write; nothing of it was kept.</summary>
internal sealed class StorageUnavailableException(StorageFault fault, Exception? cause)
    : Exception($"The storage could not take a write: {fault}.", cause)
{
    /// <summary>What is wrong.</summary>
    public StorageFault Fault { get; } = fault;
}
