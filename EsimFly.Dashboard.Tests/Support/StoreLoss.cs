using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Sqlite;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Takes stores away, as an accident would.</summary>
internal static class StoreLoss
{
    /// <summary>The desk of an installation whose apps are stopped.</summary>
    public static void OfDesk(string folder)
    {
        if (TestDatabase.IsWanted)
        {
            TestDatabase.Of(folder).Execute($"DROP SCHEMA desk_{DeskSchema.Version} CASCADE");
        }
        else
        {
            SqliteDeskDatabase.Delete(Path.Combine(folder, "desk.db"));
        }
    }
}
