using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>An event log that was migrated once, to be copied: migrating is a third of what an app's start costs.</summary>
internal static class StoreTemplate
{
    private static readonly Lazy<byte[]> Migrated = new(Make);

    /// <summary>Puts an empty event log of the present schema into a folder.</summary>
    public static void CopyTo(string folder) => File.WriteAllBytes(new StoragePaths(OptionsFor(folder)).Log, Migrated.Value);

    private static byte[] Make()
    {
        using var folder = new TempFolder();
        var options = OptionsFor(folder.Path);
        var paths = new StoragePaths(options);
        var database = new SqliteLogDatabase(paths, options);
        database.Migrate();
        using (var session = database.OpenForWriting())
        {
            database.EmptyJournal(session);
        }

        SqliteConnection.ClearAllPools();
        return File.ReadAllBytes(paths.Log);
    }

    private static IOptions<StorageOptions> OptionsFor(string folder) => Options.Create(new StorageOptions { Directory = folder });
}
