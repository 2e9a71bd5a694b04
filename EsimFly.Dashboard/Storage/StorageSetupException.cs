namespace EsimFly.Dashboard.Storage;

/// <summary>The storage cannot be used as it is; the message says what to do. It ends the start.</summary>
internal sealed class StorageSetupException : Exception
{
    public StorageSetupException(string message)
        : base(message) { }

    public StorageSetupException(string message, Exception cause)
        : base(message, cause) { }
}
