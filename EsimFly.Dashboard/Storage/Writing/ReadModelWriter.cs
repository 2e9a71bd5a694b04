namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>Writes to the read model. It never keeps the log waiting, nor waits for it.</summary>
internal sealed class ReadModelWriter(ReadModelDatabase database, ReadModelHealth health) : StorageWriter(database, health);
