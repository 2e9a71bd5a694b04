using EsimFly.Dashboard.Storage.Sqlite;

namespace EsimFly.Dashboard.Storage;

/// <summary>A desk in memory, to work something out and throw it away. It is SQLite's whichever database holds the data.</summary>
internal static class ScratchDesk
{
    /// <summary>Makes an empty one, with the indexes that the projection needs.</summary>
    public static BulkDesk Open() => SqliteDeskDatabase.InMemory();
}
