namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>Writes to the event log: a commit is on disk when it returns.</summary>
internal sealed class LogWriter(LogDatabase database, StorageHealth health) : StorageWriter(database, health);
