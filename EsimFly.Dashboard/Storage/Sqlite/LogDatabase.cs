using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// The file of the log store, <c>esimfly.db</c>: what cannot be worked out again. Every connection writes with
/// <c>synchronous=FULL</c>, so that a commit is on disk when it returns.
/// </summary>
internal sealed class LogDatabase(StoragePaths paths, IOptions<StorageOptions> options)
    : SqliteDatabase(paths.Log, SqliteOpenMode.ReadWriteCreate, "PRAGMA synchronous=FULL;", options.Value.LockTimeout)
{
    // Older ones can lose or corrupt a write-ahead log that is reset at the wrong moment (sqlite.org/wal.html, "the WAL-reset bug").
    private static readonly Version OldestSafe = new(3, 51, 3);

    /// <summary>Opens one unchanging view of the log store.</summary>
    public ReadSnapshot<LogDbContext> OpenSnapshot()
    {
        var connection = Open();
        return new(
            connection,
            new LogDbContext(new DbContextOptionsBuilder<LogDbContext>().UseSqlite(connection).Options),
            static () => { }
        );
    }

    /// <summary>Checks the library, clears what a killed process left, and brings the schema up to date.</summary>
    /// <exception cref="StorageSetupException">The library is too old, or the database is newer than this program.</exception>
    public static void Migrate(LogDbContext context)
    {
        var version = Version.Parse(new SqliteConnection().ServerVersion);
        if (version < OldestSafe)
        {
            throw new StorageSetupException(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"SQLite {version} is too old to keep data safely; {OldestSafe} or later is needed."
                )
            );
        }

        var database = context.Database;
        var known = database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        if (System.IO.File.Exists(new SqliteConnectionStringBuilder(database.GetConnectionString()).DataSource))
        {
            var newer = database.GetAppliedMigrations().FirstOrDefault(name => !known.Contains(name));
            if (newer is not null)
            {
                throw new StorageSetupException(
                    $"The database was written by a later version of this program (it has the migration {newer}). "
                        + "Start that version, or restore a backup."
                );
            }

            // EF Core waits forever for a migration lock whose holder was killed. The lock file makes this the only process.
            database.ExecuteSqlRaw("DROP TABLE IF EXISTS \"__EFMigrationsLock\"");
        }

        database.Migrate();
        database.ExecuteSqlRaw("PRAGMA journal_mode=WAL"); // kept in the file; every connection finds it
    }
}
