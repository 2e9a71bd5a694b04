using EsimFly.Dashboard.Storage.Sqlite;

namespace EsimFly.Dashboard.Storage;

/// <summary>A read model in memory, to compute something and throw it away. It is SQLite's whichever database holds the data.</summary>
internal static class ScratchReadModel
{
    /// <summary>Makes an empty one, with the indexes that the projection needs.</summary>
    public static BulkReadModel Open() => SqliteReadModelDatabase.InMemory();
}
