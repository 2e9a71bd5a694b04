namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>Writes to the desk store. It never keeps the log waiting, nor waits for it.</summary>
internal sealed class DeskWriter(DeskDatabase database, DeskHealth health) : StorageWriter(database, health);
